/* SPDX-License-Identifier: MIT */
/* A private folder for what nobody gave a path for; it goes when the server does. */
#include "room.h"

#include <dirent.h>
#include <fcntl.h>
#include <fob/limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *room_provider_id(const struct sandbox *sandbox)
{
    static const char suffix[] = ".yaml";
    const char *given = sandbox->settings.descriptor ? sandbox->settings.descriptor : "";
    const char *slash = strrchr(given, '/'), *name = slash ? slash + 1 : given;
    size_t len = strlen(name), end = sizeof suffix - 1;
    if (len > end && strcmp(name + len - end, suffix) == 0)
        len -= end;
    bool is_id = len && len <= FOB_MAX_ID && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") >= len &&
                 *name != '-';
    return is_id ? text_printf("%.*s", (int)len, name) : text_copy("sandbox");
}

static bool make_folder(struct room *room)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR"), *tmp = getenv("TMPDIR");
    const char *const above[] = {runtime, tmp, "/tmp"};
    for (size_t i = 0; i < sizeof above / sizeof *above; i++) {
        if (!above[i] || *above[i] != '/')
            continue;
        room->folder = text_printf("%s/fob-sandbox-XXXXXX", above[i]);
        if (mkdtemp(room->folder))
            return true;
        text_drop(&room->folder);
    }
    return false;
}

static void take_in(struct room *room, char **ret_own, const char **setting, const char *name)
{
    *ret_own = text_printf("%s/%s", room->folder, name);
    *setting = *ret_own;
}

bool room_make(struct room *room, struct sandbox *sandbox, bool is_wanted)
{
    struct settings *settings = &sandbox->settings;
    bool secret = sandbox->client_secret && !settings->secret_file && !settings->write_secret;
    bool key = sandbox->client_key && !settings->key_file && !settings->write_key;
    bool descriptor = !settings->write_descriptor;
    if (!secret && !key && !descriptor && !is_wanted)
        return true;
    if (!make_folder(room))
        return false;
    if (secret)
        take_in(room, &room->secret, &settings->write_secret, "secret");
    if (key)
        take_in(room, &room->key, &settings->write_key, "key.pem");
    if (descriptor) {
        char *id = room_provider_id(sandbox), *name = text_printf("%s.yaml", id);
        take_in(room, &room->descriptor, &settings->write_descriptor, name);
        text_drop(&name);
        text_drop(&id);
    }
    return true;
}

void room_leave(struct room *room)
{
    int fd = room->folder ? open(room->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;
    while (folder && (entry = readdir(folder)))
        unlinkat(fd, entry->d_name, 0); /* the folders in it are . and .. alone */
    if (folder)
        closedir(folder);
    if (room->folder)
        rmdir(room->folder);
    text_drop(&room->folder);
    text_drop(&room->secret);
    text_drop(&room->key);
    text_drop(&room->descriptor);
}
