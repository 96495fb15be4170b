/* SPDX-License-Identifier: MIT */
/* Keys that everybody has, for runs in which nothing is sent: a recorded exchange, an explanation. Of no use anywhere else. */
#include "keys.h"

#include <string.h>

static const char rsa[] = "-----BEGIN PRIVATE KEY-----\n"
                          "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCu4GryhvlpaLRN\n"
                          "C5Utk2Y/2xTWqJLAx2sxjJmstziKAfE85gBZk96dEuBjXpAlaGTaPpgcXRE8l86D\n"
                          "AaayANQeE3twJaKp1/8HmXMQaUSbI71Z2qv0nI9C37o8v62+glcgC+7fBcQMwZWz\n"
                          "Hjg5YE2bcFAUdqFoLkwhzFWoC8she16x+hyAaImv/71cTJnxSbcDF7qi90I2lA4K\n"
                          "gnvJLYGSQgqpVXBhwwAqDHh+NYUtCGEdFuHBg/vpz6HxBLuLuO+T+l2BbJo7TL1+\n"
                          "SeyHgAetJYCaFBySdlfWc75pvRa4YzIk99FhSb6/qEj4LR/NFLINzrmiu7PJHCCW\n"
                          "Xy8PAug1AgMBAAECggEAFi5H0mA1VV3e9KDB+KhoATRwBbQW/RWuLng3a7VHmhWZ\n"
                          "/A/uPm5nf4PL6z6syNnfZOEomPxi+c0FeA9nDc/WF8R/1R8o7SME6XlYo12+wnC7\n"
                          "jSCTy/BpqWFINXlYd7//fgSVdTs9fSK2sqPkHL7uyQbrWVUcruKkbGsG+EwapTHT\n"
                          "N23eH1Eayits2yErmMpJyazhlBKs2Dl/kso0XubNtVdyF8wQAP7pltuDvBd5jTYE\n"
                          "c3iOBPbbwsjnPXKVsfLQcRY4Od37VX8pQvcXnPblB2bVQ5fKfoC5SQvMSeNJpyRX\n"
                          "x4DSFzZrA9pn7g/wEVaq1sjrlBc6zCllCaqyMZdhUQKBgQDsD+B25hlkb8RWg2PU\n"
                          "y+LPu9EGFLCAi9LZxmHZizI7SiuVcb6dOnWmS++XO2MoVrisnsLejWXzZA5vOwsD\n"
                          "WklLX/fsct0Aq6Qff5dMKHbEIW79cPDs83S5XlyTiIu5HroezxPV8+RmVu04IwML\n"
                          "8FxbCVBVDF0wCNvHB/RcXZZEWQKBgQC9pZfSEWTmemqU+sEcrCB/xVame6LrRt6X\n"
                          "OS+cjoqF+w9IwRPZ8UV609a8p9BjISFphL/JcXf7/8RuVqIk1BcSmRh/f3yzH5K6\n"
                          "WuSfefPYQVucI6tWO0N4Mg4530AR50TdUoPkg2pbtiBBhhD9S31XwhZhWnWlieOF\n"
                          "hGK6SwG3PQKBgGIeF0ZUTamZaxoqcow4UoXVowPMBbDobTNnabRqTu6l3Ye4R2pC\n"
                          "qjP8zBEn9gcGRKw7MPQgAYgwxm8lM2apWF2j/gChnYpxzT3qYpCdIQBUhTWChCF4\n"
                          "78M8nW4VCz5ery2vFKeRQBXpe6AhrVqBBWIxdNpk0Tbt96u6eq8JlzPBAoGAc8u4\n"
                          "d7vHMDNvAKhbYXZ4IYwM7Hpxb9dF8nAoch9W1ZgGLRY3WMvI8MaIR4jv5JdGH3e+\n"
                          "4vE1odj5x6V+O56EuAZivvbI3VZZ8Q+uqPF9wn2lwiDFbVGiULG/nfaC2Gut0LWh\n"
                          "ctYLCxSZfWiu1vpQ/lSz9Z2WWA1prwy2e6lw0sECgYEAoCCVkA4ulzQmISOweiTn\n"
                          "zt5EgOs4P1GkyMRoBDPRNpeWh5k9c4ILmKN6Yohi37CUWZtgfkMlEmQzMIpv9RyJ\n"
                          "/IjZfkmt7Ktorr7YQgw12xKGmmlNeLTkEKzdJGgEjU33uJ3sNPPcHCX4Z1XXbd15\n"
                          "q2XVGkuWViC2KzfG+4I2hNc=\n"
                          "-----END PRIVATE KEY-----\n";

static const char p256[] = "-----BEGIN PRIVATE KEY-----\n"
                           "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCqua8esfWKXFs5V+\n"
                           "mfm++veBg3Q7H8OkISV+v5qJgwWhRANCAAQHjxqWa3LX9n/ActwhIGJAe8j6+sNJ\n"
                           "6xA1wtY1CCrW/Uh+Ga1uEF0GWkVTldqCk3j0qblRIBp9RY0ON7erSZIo\n"
                           "-----END PRIVATE KEY-----\n";

static const char p384[] = "-----BEGIN PRIVATE KEY-----\n"
                           "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDDvTzM/9T+Vu5d8Oeii\n"
                           "mCN8fHk5juoH8ptanGp5ttW5wucdIH9ycS8XBzjtNEitKlKhZANiAARm14wNnWAy\n"
                           "ZdY41nwFRNbBGc6RxhiOrfVu9OeXkKkBwpPEI+qZCPlwgFYuFy/ofjSF0loKqfcT\n"
                           "PPo9ixxPUoeiFL/xdQyDZcw0hz5IxFapyFkAT3/Qnr2+uZ/EbQj4AQA=\n"
                           "-----END PRIVATE KEY-----\n";

const char *key_for(const char *alg)
{
    if (strcmp(alg, "ES256") == 0)
        return p256;
    return strcmp(alg, "ES384") == 0 ? p384 : rsa;
}
