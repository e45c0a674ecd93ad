//! The clock by which leases are told. The clocks of nodes differ, and one that is ahead would take over what others have
//! in hand; the database they share has one clock.

/// How long a holder may be silent before what it holds goes to another, in microseconds.
pub type Lease = i64;

/// The present moment in SQL. On SQLite all is one machine: `given` stands for its time.
pub(super) const fn moment(is_postgres: bool, given: &'static str) -> &'static str {
    if is_postgres { "CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000000 AS BIGINT)" } else { given }
}
