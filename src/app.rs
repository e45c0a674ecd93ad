//! The composition root: out of a configuration it makes a newsroom and, on request, a server.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::blob::{self, BlobStore};
use crate::config::Config;
use crate::domain::Id;
use crate::domain::clock::{SharedClock, SystemClock};
pub use crate::jobs::follow_index::Progress as IndexProgress;
use crate::jobs::{alerts, follow_index, follow_pages, housekeeping, runner};
use crate::media::WorkerLimits;
use crate::newsroom::mail::{self, Mailer};
use crate::newsroom::{Context, Signals, assets, oidc};
use crate::search::Index;
use crate::store::Db;
use crate::store::jobs::Lane;
use crate::web::front::Front;
use crate::web::tls::Tls;
use crate::web::{self, AppState};

/// Opens database and blob store and brings the schema up to date.
pub async fn open(config: &Config) -> anyhow::Result<Context> {
    // One crypto provider for S3 and PostgreSQL; a second call finds it installed already.
    drop(rustls::crypto::ring::default_provider().install_default());
    // In it is what nobody has seen yet, and what opens the desk.
    blob::make_private_folder(&config.data)
        .with_context(|| format!("The data folder {} cannot be made", config.data.display()))?;
    let db = open_database(config).await?;
    db.migrate().await.context("The database cannot be brought up to date")?;
    let blobs = match config.blob_url.strip_prefix("file:") {
        Some(folder) => BlobStore::open_folder(Path::new(folder)),
        None => BlobStore::open_s3(&config.blob_url),
    };
    let blobs = blobs.context("The blob store cannot be opened")?;
    let clock: SharedClock = Arc::new(SystemClock);
    let scratch = config.scratch();
    std::fs::create_dir_all(&scratch).context("The scratch folder cannot be made")?;
    let mail = Mailer::open(config).context("The mail server cannot be used")?;
    let oidc = match &config.oidc {
        Some(client) => {
            let provider = oidc::Provider::open(client.clone(), &config.public_url);
            Some(Arc::new(provider.context("The identity provider cannot be used")?))
        }
        None => None,
    };
    Ok(Context { db, blobs, clock, scratch, mail, oidc, signals: Arc::new(Signals::default()) })
}

async fn open_database(config: &Config) -> anyhow::Result<Db> {
    match config.database_url.strip_prefix("sqlite:") {
        Some(path) => {
            let path = Path::new(path.trim_start_matches("//"));
            Db::open_sqlite(path).await.with_context(|| format!("{} cannot be opened", path.display()))
        }
        None => Db::open_postgres(&config.database_url).await.context("PostgreSQL cannot be reached"),
    }
}

/// A follower that keeps `index` up with the newsroom.
pub fn index_follower(ctx: &Context, config: &Config, index: Index) -> follow_index::Follower {
    follow_index::Follower {
        ctx: ctx.clone(),
        index,
        clock_file: config.data.join("search.clock"),
        rebuild_file: config.data.join("search.rebuild"),
        progress_file: config.data.join("search.progress"),
    }
}

/// Runs the server until it is asked to stop.
pub async fn serve(config: Config, ctx: Context) -> anyhow::Result<()> {
    let _lock = try_lock(&config)?
        .ok_or_else(|| anyhow::anyhow!("Another server runs on {} already", config.data.display()))?;
    housekeeping::clear_scratch(&ctx).context("The scratch folder cannot be made")?;
    let index = Index::open(&config.search_dir()).context("The search index cannot be opened")?;
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder().ok();
    let state = AppState::new(ctx.clone(), config.clone(), index.clone(), metrics);

    let stop = CancellationToken::new();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(index_follower(&ctx, &config, index.clone()).run(stop.clone()));
    if ctx.mail.is_configured() {
        tasks.spawn(alerts::run(ctx.clone(), index, stop.clone()));
    }
    tasks.spawn(follow_pages::run(ctx.clone(), stop.clone()));
    tasks.spawn(housekeeping::run(ctx.clone(), stop.clone()));
    let owner: Arc<str> = format!("{}:{}", std::process::id(), Id::new(&*ctx.clock)).into();
    let limits = Arc::new(WorkerLimits::default());
    let memory = runner::Memory::new(*config.render_memory_mib);
    // Neither second passes nor a mail server that keeps us waiting delay an upload.
    let first = Lane::AllBut(&[assets::RENDER_LATER, mail::SEND]);
    let processes = Arc::new(Semaphore::new(*config.render_jobs));
    let one = Arc::new(Semaphore::new(1));
    // A node without a mail server leaves mail to those that have one.
    let sends_mail = ctx.mail.is_configured();
    let lanes = std::iter::repeat_n((first, None, &processes), *config.render_jobs + 1)
        .chain([(Lane::Only(assets::RENDER_LATER), Some(first), &one)])
        .chain(sends_mail.then_some((Lane::Only(mail::SEND), None, &one)));
    for (lane, gives_way_to, processes) in lanes {
        let runner = runner::Runner {
            ctx: ctx.clone(),
            owner: Arc::clone(&owner),
            lane,
            gives_way_to,
            limits: Arc::clone(&limits),
            memory: memory.clone(),
            processes: Arc::clone(processes),
        };
        tasks.spawn(runner.run(stop.clone()));
    }
    let newsroom = ctx.clone();
    tasks.spawn(async move {
        if let Err(error) = assets::follow_links(&newsroom).await {
            tracing::warn!(%error, "The filters of the gallery could not be brought up to date");
        }
        if let Err(error) = assets::follow_offers(&newsroom).await {
            tracing::warn!(%error, "The originals that are offered could not be written anew");
        }
        if let Err(error) = assets::follow_ladder(&newsroom).await {
            tracing::warn!(%error, "The files of an older ladder could not be found");
        }
    });

    let tls = match (&*config.tls_certificate, &*config.tls_key) {
        (Some(certificate), Some(key)) => Some(Tls::open(certificate, key)?),
        _ => None,
    };
    let listener = TcpListener::bind(*config.listen)
        .await
        .with_context(|| format!("The address {} cannot be listened on", config.listen.value))?;
    let address = listener.local_addr()?;
    let address_file = config.data.join("serve.addr");
    std::fs::write(&address_file, address.to_string()).context("The address cannot be written down")?;
    tracing::info!(%address, public_url = state.base(), "Serving");
    if let Some(tls) = &tls {
        tasks.spawn(until(stop.clone(), Arc::clone(tls).follow_files()));
    }
    tasks.spawn(until(stop.clone(), tidy_limits(state.clone())));
    tasks.spawn(until(stop.clone(), store_tally(state.clone())));
    let front = Front::new(state.clone(), web::router(state.clone()));
    // As a task: the thread that waits here would have to be woken for every connection, and to wake another for it.
    tokio::spawn(web::serve::serve(listener, front, tls, stop_signal())).await?;
    write_tally(&state, true).await;

    tracing::info!("Stopping");
    stop.cancel();
    drop(std::fs::remove_file(&address_file));
    while tasks.join_next().await.is_some() {}
    ctx.db.close().await;
    Ok(())
}

/// Runs work without an end until `stop`.
async fn until(stop: CancellationToken, work: impl Future<Output = ()>) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

async fn store_tally(state: AppState) {
    loop {
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        write_tally(&state, false).await;
    }
}

async fn write_tally(state: &AppState, is_last: bool) {
    let db = &state.ctx.db;
    if let Err(error) = state.tally.store(db).await {
        tracing::warn!(%error, "Downloads that were counted could not be written yet");
    }
    if let Err(error) = state.misses.store(db, state.now(), is_last).await {
        tracing::warn!(%error, "Searches that were counted could not be written yet");
    }
}

async fn tidy_limits(state: AppState) {
    loop {
        tokio::time::sleep(std::time::Duration::from_secs(300)).await;
        state.limits.tidy();
    }
}

/// Two processes on one data folder would fight over the search index: `None` when a server has it.
pub fn try_lock(config: &Config) -> anyhow::Result<Option<std::fs::File>> {
    let path = config.data.join("serve.lock");
    let file = std::fs::File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Resolves on Ctrl-C or SIGTERM.
async fn stop_signal() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
