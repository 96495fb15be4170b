/* SPDX-License-Identifier: MIT */
/* A test with a race in it: that it fails shows that ThreadSanitizer sees what tests do. */
#include <criterion/criterion.h>
#include <pthread.h>

static int shared;

static void *touch(void *user)
{
    for (int i = 0; i < 1000; i++)
        shared++;
    return user;
}

Test(tsan, a_race_fails_the_test)
{
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, touch, NULL), 0);
    touch(NULL);
    pthread_join(thread, NULL);
}
