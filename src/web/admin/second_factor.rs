//! The second step of one's own sign-in: set up, recovery codes, turned off.

use axum::extract::State;
use axum::http::StatusCode;

use super::desk::{Desk, DeskResult, Section, Shell, see_other};
use super::form::{Mistakes, Trouble, Values};
use crate::newsroom::{self, accounts, second_factor};
use crate::store;
use crate::web::AppState;
use crate::web::extract::DeskForm;
use crate::web::qr::Qr;

/// What an authenticator app is told.
struct Setup {
    /// In groups of four, to be typed.
    secret: String,
    uri: String,
    /// The address as the app's camera reads it.
    picture: Qr,
}

#[derive(askama::Template)]
#[template(path = "admin/second_factor.html")]
struct FactorPage {
    shell: Shell,
    is_on: bool,
    is_due: bool,
    setup: Option<Setup>,
    codes_left: usize,
    /// Recovery codes that are told only now.
    fresh_codes: Vec<String>,
    current_error: Option<String>,
    code_error: Option<String>,
    summary: Vec<(String, String)>,
    refusal: String,
}

impl Setup {
    /// `None` only when a name is too long for any picture.
    fn new(secret: &str, uri: String) -> Option<Self> {
        let picture = Qr::of(&uri)?;
        let groups: Vec<&str> =
            (0..secret.len()).step_by(4).filter_map(|at| secret.get(at..at + 4)).collect();
        Some(Self { secret: groups.join(" "), uri, picture })
    }
}

async fn render(desk: &Desk, mistakes: &Mistakes, refusal: String, fresh_codes: Vec<String>) -> DeskResult {
    let (ctx, account) = (desk.ctx(), &desk.account);
    let is_on = account.has_second_factor || !fresh_codes.is_empty();
    let name = desk.pick(&desk.newsroom.name);
    let setup = second_factor::begun(ctx, account).await?;
    let setup = setup.and_then(|secret| {
        let uri = second_factor::uri(name, account, &secret);
        Setup::new(&secret, uri)
    });
    let page = FactorPage {
        shell: desk.shell(desk.lang.t("desk-factor-title"), Section::Account),
        is_on,
        is_due: account.passkeys == 0 && desk.newsroom.second_factor.holds_for(account.role),
        setup,
        codes_left: store::second_factor::codes_left(&ctx.db, account.id).await?,
        fresh_codes,
        current_error: mistakes.of("current", desk.lang),
        code_error: mistakes.of("code", desk.lang),
        summary: mistakes.summary(desk.lang),
        refusal,
    };
    let is_good = mistakes.is_empty() && page.refusal.is_empty();
    desk.page_with(if is_good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &page)
}

pub async fn show(desk: Desk) -> DeskResult {
    render(&desk, &Mistakes::default(), String::new(), Vec::new()).await
}

/// Takes one of the page's forms; its buttons say which.
pub async fn take(
    desk: Desk,
    State(state): State<AppState>,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    // Guesses at the code that confirms and at the password are slowed down like those at the sign-in.
    if let Err(wait_secs) = state.gate.admit(None, &desk.account.email, state.now()) {
        let message = desk.lang.count("desk-sign-in-wait", wait_secs as usize);
        return render(&desk, &Mistakes::default(), message, Vec::new()).await;
    }
    match change(&desk, &values).await {
        Ok(Changed::ShowCodes(codes)) => render(&desk, &Mistakes::default(), String::new(), codes).await,
        Ok(Changed::GoOn(path)) => Ok(see_other(path)),
        Err(error) => match desk.trouble(error) {
            Trouble::Mistakes(mistakes) => render(&desk, &mistakes, String::new(), Vec::new()).await,
            Trouble::Refused(text) => render(&desk, &Mistakes::default(), text, Vec::new()).await,
            Trouble::Stale { .. } => show(desk).await,
            Trouble::Other(error) => Err(error.into()),
        },
    }
}

enum Changed {
    ShowCodes(Vec<String>),
    GoOn(&'static str),
}

async fn change(desk: &Desk, values: &Values) -> newsroom::Result<Changed> {
    let (ctx, account) = (desk.ctx(), &desk.account);
    let step = values.line("step");
    if step == "confirm" {
        return Ok(Changed::ShowCodes(second_factor::confirm(ctx, account, &values.line("code")).await?));
    }
    // Whoever finds a browser unattended has no password.
    accounts::confirm_password(ctx, account, &values.text("current")).await?;
    match step.as_str() {
        "begin" => {
            second_factor::begin(ctx, account).await?;
            Ok(Changed::GoOn("/admin/account/second-factor"))
        }
        "codes" => Ok(Changed::ShowCodes(second_factor::renew_codes(ctx, account).await?)),
        "remove" => {
            second_factor::remove(ctx, account).await?;
            Ok(Changed::GoOn("/admin/account?done=factor-removed"))
        }
        _ => Err(newsroom::Error::NotFound),
    }
}
