# bash completion for fob
_fob() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]-}
  local commands='login token refresh verify list show logout curl providers lint new explain try sandbox help version'
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$word")
    return
  fi
  case $before in
    --provider) mapfile -t COMPREPLY < <(compgen -W "$(fob providers --names 2>/dev/null)" -- "$word"); return ;;
    --client-secret-file | --client-key-file) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    --client-secret-env | --client-key-env) mapfile -t COMPREPLY < <(compgen -e -- "$word"); return ;;
    --grant)
      local grants='authorization_code client_credentials'
      [[ $command == explain ]] && grants+=' refresh_token verify revoke'
      mapfile -t COMPREPLY < <(compgen -W "$grants" -- "$word"); return ;;
    --auth)
      mapfile -t COMPREPLY < <(compgen -W 'client_secret_basic client_secret_post private_key_jwt none' -- "$word"); return ;;
    --redirect-uris)
      mapfile -t COMPREPLY < <(compgen -W 'loopback_any_port loopback localhost https_or_localhost https custom_scheme' -- "$word"); return ;;
    --rotation) mapfile -t COMPREPLY < <(compgen -W 'none rotates reuse_revokes grace' -- "$word"); return ;;
    --output) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    --format) mapfile -t COMPREPLY < <(compgen -W 'raw json header' -- "$word"); return ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(fob "$command" --help 2>/dev/null | grep -o -- '^  --[a-z-]*')" -- "$word")
    return
  fi
  case $command in
    token | refresh | verify | show | logout | login | curl)
      mapfile -t COMPREPLY < <(compgen -W "$(fob list --names 2>/dev/null)" -- "$word") ;;
    providers) mapfile -t COMPREPLY < <(compgen -W "$(fob providers --names 2>/dev/null)" -- "$word") ;;
    lint) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    explain | try | sandbox)
      mapfile -t COMPREPLY < <(compgen -f -- "$word"; compgen -W "$(fob providers --names 2>/dev/null)" -- "$word") ;;
    help) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word") ;;
  esac
}
complete -F _fob fob
