//! The command line.

mod allocator;

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Flags};
use crate::domain::Id;
use crate::domain::account::{Actor, Role};
use crate::newsroom::{Context, accounts, assets, oidc, second_factor};
use crate::search::Index;
use crate::web::probe;
use crate::{app, backup, bundle, demo, media, site, store};

/// A self-hosted press room: releases, contacts and print-quality photos.
#[derive(Parser)]
#[command(name = "pressroom", version)]
struct Cli {
    /// The data folder: database, photos and search index unless configured otherwise.
    #[arg(long, global = true, default_value = "press-data", env = "PRESSROOM_DATA")]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the newsroom.
    Serve(Serve),
    /// Take in a bundle: a folder or a ZIP file. The same bundle twice changes nothing.
    Import { source: PathBuf },
    /// Write the newsroom out as a bundle: a folder, or a ZIP file when the name ends in .zip.
    Export { target: PathBuf },
    /// Write the public site as static files with the same paths.
    Site { target: PathBuf },
    /// People who sign in at the desk.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Keys for scripts.
    #[command(subcommand)]
    Token(TokenCommand),
    /// The search index.
    #[command(subcommand)]
    Index(IndexCommand),
    /// Renditions of photos.
    #[command(subcommand)]
    Renditions(RenditionsCommand),
    /// Verify every blob, every record's files and the index; exit 1 when something is wrong.
    Check,
    /// Ask, as an outsider, for everything in which a release could show; exit 1 when something is open that
    /// should be closed, or closed that should be open. A server must be running at the public address.
    Probe {
        /// The slug, the id or the address of the release.
        release: String,
    },
    /// Write everything into one file, which is as secret as the database; the newsroom may keep running.
    Backup { file: PathBuf },
    /// Fill an empty newsroom from a backup.
    Restore { file: PathBuf },
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Renders one picture in a process of its own; used by the server.
    #[command(hide = true)]
    RenderWorker,
}

#[derive(Args)]
struct Serve {
    /// The address to listen on.
    #[arg(long)]
    listen: Option<String>,
    /// Fill an empty newsroom with the demo.
    #[arg(long)]
    demo: bool,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Add an account. Without --password-stdin a password is made and printed.
    Add {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        #[arg(long, value_parser = role)]
        role: Role,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give an account a new password, read from standard input, and end its sessions.
    Password {
        #[arg(long)]
        email: String,
    },
    /// Give an account another role.
    Role {
        #[arg(long)]
        email: String,
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// Take an account away and end its sessions.
    Remove {
        #[arg(long)]
        email: String,
    },
    /// Take the second step of the sign-in and all passkeys from an account whose owner has lost the device and the codes.
    ResetSecondFactor {
        #[arg(long)]
        email: String,
    },
    /// Forget who somebody is at the identity provider; at the next sign-in there the e-mail links the account anew.
    Unlink {
        #[arg(long)]
        email: String,
    },
    /// List the accounts.
    List,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a token; it is printed once, alone, on standard output.
    Create {
        #[arg(long)]
        name: String,
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// List the tokens (not their secrets).
    List,
    /// Make a token useless.
    Revoke { id: Id },
}

#[derive(Subcommand)]
enum IndexCommand {
    /// Build the index anew; a running server does it beside serving.
    Rebuild,
}

#[derive(Subcommand)]
enum RenditionsCommand {
    /// Have all renditions made again by the running server.
    Rebuild {
        /// Only pictures that lack a rendition.
        #[arg(long)]
        missing: bool,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Check the configuration, the database, the blob store, the mail server and the identity provider.
    Check,
    /// Print the effective values and where each comes from.
    Show,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "The roles are admin, editor and author".to_owned())
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // Before any thread is started: the worker limits its own process.
    if matches!(cli.command, Command::RenderWorker) {
        return media::child_main();
    }
    allocator::return_what_is_free();
    start_log(&cli.command);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Requests that arrive while uploads keep all threads busy are looked for more often than by default (61).
        .event_interval(16)
        .on_thread_park(crate::web::gather::before_sleep)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    say_error(&format!("pressroom: {error:#}"));
    ExitCode::FAILURE
}

fn start_log(command: &Command) {
    let level = if matches!(command, Command::Serve(_)) { "info" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("PRESSROOM_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(format!("{level},tantivy=warn,sqlx=warn")));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    if std::env::var("PRESSROOM_LOG_FORMAT").is_ok_and(|format| format == "json") {
        log.json().init();
    } else {
        log.init();
    }
}

/// A line for people and scripts; a closed pipe ends the matter.
fn say(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

fn say_error(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let flags = match &cli.command {
        Command::Serve(serve) => Flags { listen: serve.listen.clone() },
        _ => Flags::default(),
    };
    let config = Config::load(&cli.data, &flags)?;
    if let Command::Config(ConfigCommand::Show) = cli.command {
        say(config.to_string().trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let ctx = app::open(&config).await?;
    let code = Box::pin(command(cli.command, config, &ctx)).await?;
    ctx.db.close().await;
    Ok(code)
}

async fn command(command: Command, config: Config, ctx: &Context) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(serve) => {
            if serve.demo {
                for line in demo::prepare(ctx, &config).await? {
                    say(&line);
                }
            }
            app::serve(config, ctx.clone()).await?;
        }
        Command::Import { source } => {
            let report = bundle::import(ctx, &source).await?;
            say(&report.to_string());
            return Ok(code(report.problems.is_empty()));
        }
        Command::Export { target } => {
            let report = bundle::export(ctx, &target).await?;
            say(&report.to_string());
            return Ok(code(report.missing.is_empty()));
        }
        Command::Site { target } => {
            let written = site::write(&config, ctx, &target).await?;
            let site::Written { files, bytes, changed, removed, failures } = written;
            say(&format!("{files} files, {bytes} bytes; {changed} written, {removed} removed"));
            if !failures.is_empty() {
                say_error(&site_failures(&failures));
            }
            return Ok(code(failures.is_empty()));
        }
        Command::Account(account) => return accounts_command(account, ctx).await,
        Command::Token(token) => return tokens_command(token, ctx).await,
        Command::Index(IndexCommand::Rebuild) => rebuild_index(&config, ctx).await?,
        Command::Renditions(RenditionsCommand::Rebuild { missing }) => {
            let count = assets::rebuild(ctx, missing).await?;
            say(&format!("{count} pictures are waiting to be rendered"));
        }
        Command::Check => {
            let report = backup::check(ctx, indexed_seq(&config)?).await?;
            say(&report.to_string());
            return Ok(code(report.findings.is_empty()));
        }
        Command::Probe { release } => {
            let Some(release) = probe::find(ctx, &release).await? else {
                anyhow::bail!("There is no release `{release}`");
            };
            let report = probe::run(ctx, &config, &release).await?;
            say(&report.to_string());
            return Ok(code(report.wrong() == 0));
        }
        Command::Backup { file } => {
            let report = backup::backup(ctx, &file).await?;
            say(&report.to_string());
            return Ok(code(report.missing.is_empty()));
        }
        Command::Restore { file } => say(&backup::restore(ctx, &file).await?.to_string()),
        Command::Config(_) => {
            ctx.blobs.ping().await?;
            let mut answering = "database, blob store".to_owned();
            if let Some(answer) = ctx.mail.try_out().await {
                answer?;
                answering.push_str(", mail server");
            }
            if let Some(provider) = &ctx.oidc {
                oidc::try_out(ctx, provider).await?;
                answering.push_str(", identity provider");
            }
            say(&format!("The configuration is sound; these answer: {answering}"));
        }
        Command::RenderWorker => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn site_failures(failures: &[(String, String)]) -> String {
    const NAMED: usize = 5;
    let named: Vec<String> =
        failures.iter().take(NAMED).map(|(address, why)| format!("{address} ({why})")).collect();
    let more = failures.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "No answer said what is public at these addresses, and their files stay as they were; run the command again: \
         {}{more}",
        named.join(", ")
    )
}

const fn code(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn accounts_command(command: AccountCommand, ctx: &Context) -> anyhow::Result<ExitCode> {
    let actor = Actor::system("command-line");
    match command {
        AccountCommand::Add { email, name, role, password_stdin } => {
            let password = if password_stdin { read_password()? } else { accounts::random_password()? };
            let account = accounts::add_account(ctx, &actor, &email, &name, role, &password).await?;
            if password_stdin {
                say(&format!("Added {} as {}", account.email, role.as_str()));
            } else {
                say(&format!("Added {} as {}; password: {password}", account.email, role.as_str()));
            }
        }
        AccountCommand::Password { email } => {
            accounts::set_password(ctx, &actor, &email, &read_password()?).await?;
            say(&format!("Changed the password of {email}"));
        }
        AccountCommand::Role { email, role } => {
            accounts::set_role(ctx, &actor, &email, role).await?;
            say(&format!("{email} is {} now", role.as_str()));
        }
        AccountCommand::ResetSecondFactor { email } => {
            second_factor::reset(ctx, &actor, &email).await?;
            say(&format!("{email} signs in with the password alone"));
        }
        AccountCommand::Unlink { email } => {
            accounts::unlink(ctx, &actor, &email).await?;
            say(&format!("{email} is linked with nobody at the identity provider"));
        }
        AccountCommand::Remove { email } => {
            accounts::remove_account(ctx, &actor, &email).await?;
            say(&format!("Removed {email}"));
        }
        AccountCommand::List => {
            for account in store::access::accounts(&ctx.db).await? {
                say(&format!("{:<8} {:<32} {}", account.role.as_str(), account.email, account.name));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read_password() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

async fn tokens_command(command: TokenCommand, ctx: &Context) -> anyhow::Result<ExitCode> {
    let actor = Actor::system("command-line");
    match command {
        TokenCommand::Create { name, role } => {
            let (_, secret) = accounts::create_token(ctx, &actor, &name, role).await?;
            say(secret.reveal());
        }
        TokenCommand::List => {
            for token in store::access::tokens(&ctx.db).await? {
                let state = if token.revoked_at.is_some() { "revoked" } else { "valid" };
                say(&format!("{}  {:<8} {state:<8} {}", token.id, token.role.as_str(), token.name));
            }
        }
        TokenCommand::Revoke { id } => {
            accounts::revoke_token(ctx, &actor, id).await?;
            say(&format!("Revoked {id}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How far the search index has come. A running server owns its index and keeps it up itself: `None`.
fn indexed_seq(config: &Config) -> anyhow::Result<Option<i64>> {
    match app::try_lock(config)? {
        Some(_lock) => Ok(Some(Index::open(&config.search_dir())?.sequence())),
        None => Ok(None),
    }
}

/// A running server owns its index: it is asked to build anew; otherwise it is done here and now.
async fn rebuild_index(config: &Config, ctx: &Context) -> anyhow::Result<()> {
    let progress_file = config.data.join("search.progress");
    drop(std::fs::remove_file(&progress_file));
    let Some(_lock) = app::try_lock(config)? else {
        std::fs::write(config.data.join("search.rebuild"), "")?;
        say("The running server builds its index anew and answers from the old one until it is done");
        return show_progress(&progress_file).await;
    };
    let index = Index::open(&config.search_dir())?;
    index.clear()?;
    let follower = app::index_follower(ctx, config, index);
    tokio::try_join!(follower.rebuild(), show_progress(&progress_file))?;
    Ok(())
}

/// Says how far a rebuild has come, until it is done.
async fn show_progress(file: &Path) -> anyhow::Result<()> {
    let mut waited = Duration::ZERO;
    let mut told = 0;
    loop {
        let progress: Option<app::IndexProgress> =
            std::fs::read(file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        match progress {
            Some(app::IndexProgress { documents, finished: true }) => {
                say(&format!("{documents} documents are indexed"));
                return Ok(());
            }
            Some(app::IndexProgress { documents, .. }) if documents > told => {
                told = documents;
                say(&format!("{documents} documents so far"));
            }
            None if waited > PATIENCE => anyhow::bail!("No rebuild has begun; the server's log says why"),
            _ => {}
        }
        tokio::time::sleep(LOOK).await;
        waited += LOOK;
    }
}

const LOOK: Duration = Duration::from_millis(100);
/// How long a rebuild may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);
