/* SPDX-License-Identifier: MIT */
/* core/io/run.c, core/io/keep.c: requests are sent under a lease that outlasts them, or not at all. */
#include "cleanup.h"
#include "room.h"

#include <fob/limits.h>

static fob_session *session, *other;
static struct fob_kept kept;
static struct fob_lease lease;
static struct fob_error error;

static void begin(void)
{
    room_begin();
    session = room_open();
    other = room_open();
    room_put_connection(session, "work", 0);
    cr_assert_eq(fob_keep_lease(session, "work", &kept, &error), FOB_OK, "%s", error.what);
    lease = (struct fob_lease){.name = "work", .fence = kept.fence, .until = kept.lease_until};
}

static void end(void)
{
    fob_connection_unref(&kept.connection);
    fob_close(&session);
    fob_close(&other);
    room_end();
}

TestSuite(lease, .init = begin, .fini = end);

/* Revoking sends two requests. */
static fob_err run(void)
{
    fob_auto_provider *provider = NULL;
    fob_auto_flow *flow = NULL;
    struct fob_flow_setup setup = {0};
    cr_assert_eq(fob_find_provider(session, "acme", &provider, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(fob_driver_setup(session, kept.connection, provider, &setup, &error), FOB_OK);
    cr_assert_eq(fob_flow_revoke(&setup.params, kept.connection->token, &flow, &error), FOB_OK);
    fob_err err = fob_driver_run_leased(session, flow, &lease, &error);
    fob_driver_setup_free(&setup);
    return err;
}

static int64_t stored_until(void)
{
    struct fob_kept now = room_kept("work");
    fob_connection_unref(&now.connection);
    return now.lease_until;
}

static void take_a_while(struct mock *m)
{
    (void)m;
    move_clock(FOB_LEASE_MS - 1);
}

static fob_err lease_for_other(void)
{
    struct fob_kept theirs = {0};
    fob_err err = fob_keep_lease(other, "work", &theirs, NULL);
    fob_connection_unref(&theirs.connection);
    return err;
}

Test(lease, it_is_renewed_before_each_further_request)
{
    mock->sent = take_a_while;
    cr_assert_eq(run(), FOB_OK, "%s", error.what);
    cr_expect_eq(mock->requests, 2);
    cr_expect_eq(stored_until(), START + FOB_LEASE_MS - 1 + FOB_LEASE_MS);
    cr_expect_eq(lease.until, stored_until());
    cr_expect(lease.answered);
    cr_expect_eq(lease_for_other(), FOB_E_BUSY, "it outlasted them all");
}

static void lose_it(struct mock *m)
{
    m->sent = NULL;
    move_clock(FOB_LEASE_MS + 1);
    cr_assert_eq(lease_for_other(), FOB_OK);
}

Test(lease, once_it_is_lost_nothing_more_is_sent)
{
    mock->sent = lose_it;
    cr_expect_eq(run(), FOB_E_BUSY);
    cr_expect_eq(mock->requests, 1);
    cr_expect(lease.answered);
    cr_expect_eq(stored_until(), fob_now() + FOB_LEASE_MS, "theirs is left alone");
}

Test(lease, one_that_was_just_taken_serves_the_first_request)
{
    mock->fails = FOB_E_NETWORK;
    cr_expect_eq(run(), FOB_E_NETWORK);
    cr_expect_eq(stored_until(), START + FOB_LEASE_MS);
    cr_expect_not(lease.answered);
}

Test(lease, a_machine_that_slept_renews_it_first)
{
    mock->fails = FOB_E_NETWORK;
    move_clock(FOB_LEASE_MS - FOB_TOTAL_TIMEOUT_MS + 1);
    cr_expect_eq(run(), FOB_E_NETWORK);
    cr_expect_eq(stored_until(), fob_now() + FOB_LEASE_MS);
}

Test(lease, a_machine_that_slept_too_long_sends_nothing)
{
    move_clock(FOB_LEASE_MS + 1);
    cr_assert_eq(lease_for_other(), FOB_OK);
    cr_expect_eq(run(), FOB_E_BUSY);
    cr_expect_eq(mock->performed, 0);
}

Test(lease, a_record_that_was_removed_has_none)
{
    cr_assert_eq(fob_log_out(other, "work", FOB_LOGOUT_FORGET, NULL, &error), FOB_OK, "%s", error.what);
    atomic_store(&mock->performed, 0);
    cr_expect_eq(run(), FOB_E_NEEDS_LOGIN);
    cr_expect_eq(mock->performed, 1);
}

Test(lease, it_is_only_ours_to_end)
{
    move_clock(FOB_LEASE_MS + 1);
    cr_assert_eq(lease_for_other(), FOB_OK);
    fob_keep_release(session, "work", kept.fence, false);
    cr_expect_eq(stored_until(), fob_now() + FOB_LEASE_MS);
    cr_expect_eq(fob_keep_commit(session, kept.connection, kept.fence, &error), FOB_E_BUSY);
}

Test(lease, one_on_a_record_that_cannot_be_read_is_given_back_and_what_was_noted_stays)
{
    struct fob_kept ours;
    struct fob_record record;
    const struct fob_store_ops *ops = session->store;
    cr_assert_eq(ops->put(session->store_self, "odd", "not sealed at all", 17, &error), FOB_OK);
    cr_expect_eq(fob_keep_lease(session, "odd", &ours, &error), FOB_E_STORE);
    cr_assert_eq(ops->get(session->store_self, "odd", &record, &error), FOB_OK);
    cr_expect_eq(record.lease_until, 0);
    cr_expect_eq(record.intent_at, 0);
    cr_assert_eq(ops->lease(session->store_self, "odd", START, START + 1, &record, &error), FOB_OK);
    cr_assert_eq(ops->release(session->store_self, "odd", record.fence, 1, &error), FOB_OK);
    cr_expect_eq(fob_keep_lease(session, "odd", &ours, &error), FOB_E_STORE);
    cr_assert_eq(ops->get(session->store_self, "odd", &record, &error), FOB_OK);
    cr_expect_eq(record.lease_until, 0);
    cr_expect_neq(record.intent_at, 0);
}
