//! What handlers share.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::config::Config;
use crate::domain::Timestamp;
use crate::newsroom::Context;
use crate::search;

use super::admin::Gate;
use super::busy::Workload;
use super::bytes::{MAX_OFFERS, Offers};
use super::cache::PageCache;
use super::kits::KitCache;
use super::limits::Limits;
use super::misses::Misses;
use super::social::Cards;
use super::taken::Past;
use super::tally::Tally;

/// Forms that one address may send.
const MESSAGES_PER_HOUR: u32 = 10;

#[derive(Clone)]
pub struct AppState(Arc<Inner>);

pub struct Inner {
    pub ctx: Context,
    pub config: Config,
    /// Whether pages are asked for when they are read; the site as files is read later.
    pub is_live: bool,
    pub index: search::Index,
    pub pages: PageCache,
    pub kits: KitCache,
    pub offers: Offers,
    pub cards: Cards,
    pub tally: Tally,
    pub past_downloads: Past,
    pub misses: Misses,
    pub workload: Workload,
    pub limits: Limits,
    /// Messages and subscriptions of each address.
    pub message_limits: Limits,
    pub metrics: Option<metrics_exporter_prometheus::PrometheusHandle>,
    /// Slows down guessing at the desk's sign-in …
    pub gate: Gate,
    /// … at the codes of its second step …
    pub code_gate: Gate,
    /// … and asking for links to a new password.
    pub recovery_gate: Gate,
}

impl std::ops::Deref for AppState {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl AppState {
    pub fn new(
        ctx: Context,
        config: Config,
        index: search::Index,
        metrics: Option<metrics_exporter_prometheus::PrometheusHandle>,
    ) -> Self {
        Self::with(ctx, config, index, metrics, true)
    }

    /// For pages that are written into files.
    pub fn for_files(ctx: Context, config: Config, index: search::Index) -> Self {
        Self::with(ctx, config, index, None, false)
    }

    fn with(
        ctx: Context,
        config: Config,
        index: search::Index,
        metrics: Option<metrics_exporter_prometheus::PrometheusHandle>,
        is_live: bool,
    ) -> Self {
        let pages = PageCache::new(config.page_cache_bytes.value);
        let limits = Limits::new(config.searches_per_minute.value);
        Self(Arc::new(Inner {
            ctx,
            config,
            is_live,
            index,
            pages,
            kits: KitCache::default(),
            offers: Offers::new(MAX_OFFERS),
            tally: Tally::default(),
            past_downloads: Past::default(),
            misses: Misses::default(),
            cards: Cards::default(),
            workload: Workload::default(),
            limits,
            message_limits: Limits::per_hour(MESSAGES_PER_HOUR),
            metrics,
            gate: Gate::for_passwords(),
            code_gate: Gate::for_codes(),
            recovery_gate: Gate::for_recoveries(),
        }))
    }

    pub fn now(&self) -> Timestamp {
        self.ctx.now()
    }

    /// The address visitors use, without a trailing slash.
    pub fn base(&self) -> &str {
        &self.config.public_url.value
    }

    /// Whether people sign in by passwords; otherwise by the identity provider alone.
    pub fn has_passwords(&self) -> bool {
        self.ctx.oidc.as_ref().is_none_or(|provider| !provider.client.is_only)
    }

    /// Moves whenever something that the public may see has changed.
    pub fn generation(&self) -> u64 {
        self.ctx.signals.generation.load(Ordering::SeqCst)
    }
}
