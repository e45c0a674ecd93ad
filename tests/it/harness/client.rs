//! A client as a script would write it: bearer token, JSON in and out, whole answers.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::multipart::{Filling, Part, multipart};
use super::tools::{eventually, name_the_crypto_provider};

#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

/// A whole answer, with enough in it to say what went wrong.
pub struct Answer {
    pub asked: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.asked, self.excerpt());
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: no JSON ({error})\n{}", self.asked, self.excerpt()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or("(not ASCII)"))
    }

    /// The stable code of a problem document, after checking that it is one.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}\n{}", self.asked, self.excerpt());
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.asked);
        let problem = self.json();
        assert_eq!(problem["code"], code, "{}\n{problem:#}", self.asked);
        assert_eq!(problem["status"], status, "{}\n{problem:#}", self.asked);
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{problem:#}");
        problem
    }

    /// A problem document that blames one field, by its name in the API and a stable code.
    #[track_caller]
    pub fn blames(&self, field: &str, code: &str) {
        assert!(matches!(self.status, 400 | 422), "{}: {}\n{}", self.asked, self.status, self.excerpt());
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.asked);
        let problem = self.json();
        let blamed = problem["fields"].as_array().expect("fields");
        assert!(
            blamed.iter().any(|each| each["field"] == field
                && each["code"] == code
                && each["detail"].as_str().is_some_and(|detail| !detail.is_empty())),
            "{field} is not blamed for {code}: {problem:#}"
        );
    }

    fn excerpt(&self) -> String {
        self.text().chars().take(2000).collect()
    }
}

impl Client {
    pub fn new(base: &str, token: Option<&str>) -> Self {
        name_the_crypto_provider();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(120))
            .build()
            .unwrap();
        Self { http, base: base.to_owned(), token: token.map(str::to_owned) }
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let builder = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => builder.bearer_auth(token),
            None => builder,
        }
    }

    /// Sends; a connection that breaks is an error here, not an answer.
    pub async fn try_send(&self, builder: RequestBuilder) -> Result<Answer, reqwest::Error> {
        let request = builder.build()?;
        let asked = format!("{} {}", request.method(), request.url());
        let response = self.http.execute(request).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { asked, status, headers, body: response.bytes().await? })
    }

    pub async fn send(&self, builder: RequestBuilder) -> Answer {
        self.try_send(builder).await.unwrap_or_else(|error| panic!("No answer: {error:?}"))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.request(Method::GET, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request).await
    }

    pub async fn head(&self, path: &str) -> Answer {
        self.send(self.request(Method::HEAD, path)).await
    }

    async fn send_json(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request =
            self.request(method, path).header("content-type", "application/json").body(body.to_string());
        self.send(request).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::POST, path, &body).await
    }

    pub async fn post_empty(&self, path: &str) -> Answer {
        self.send(self.request(Method::POST, path)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::PATCH, path, &body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// Uploads one file as `POST /api/v1/assets`.
    pub async fn upload(&self, file_name: &str, bytes: impl Into<Bytes>) -> Answer {
        self.upload_parts(vec![Part::file(file_name, Filling::Bytes(bytes.into()))]).await
    }

    pub async fn upload_with(&self, file_name: &str, bytes: impl Into<Bytes>, metadata: Value) -> Answer {
        self.upload_parts(vec![
            Part::file(file_name, Filling::Bytes(bytes.into())),
            Part::json("metadata", &metadata),
        ])
        .await
    }

    pub async fn upload_parts(&self, parts: Vec<Part>) -> Answer {
        self.send(self.upload_request(parts)).await
    }

    pub fn upload_request(&self, parts: Vec<Part>) -> RequestBuilder {
        let (content_type, body) = multipart(parts);
        self.request(Method::POST, "/api/v1/assets").header("content-type", content_type).body(body)
    }

    /// Uploads and waits until every file of the asset is there; gives the asset.
    pub async fn upload_ready(&self, file_name: &str, bytes: impl Into<Bytes>, metadata: Value) -> Value {
        let asset = self.upload_with(file_name, bytes, metadata).await.expect(201).json();
        self.wait_ready(id_of(&asset)).await
    }

    /// Waits for the asset to leave `processing`; it must have become `ready`.
    pub async fn wait_ready(&self, id: &str) -> Value {
        let asset = self.wait_processed(id).await;
        assert_eq!(asset["state"], "ready", "{asset:#}");
        asset
    }

    /// As [`Self::upload_ready`], and waits for what the background makes.
    pub async fn upload_whole(&self, file_name: &str, bytes: impl Into<Bytes>, metadata: Value) -> Value {
        let asset = self.upload_ready(file_name, bytes, metadata).await;
        self.wait_whole(id_of(&asset)).await
    }

    /// The background stands back behind everything else on the machine, other tests included.
    pub async fn wait_whole(&self, id: &str) -> Value {
        eventually(300.0, "what the background makes is there", async || {
            let asset = self.get(&format!("/api/v1/assets/{id}")).await.expect(200).json();
            let has_avif =
                asset["renditions"].as_array().unwrap().iter().any(|file| file["format"] == "avif");
            has_avif.then_some(asset)
        })
        .await
    }

    pub async fn wait_processed(&self, id: &str) -> Value {
        let path = format!("/api/v1/assets/{id}");
        eventually(90.0, &format!("{path} is processed"), async || {
            let asset = self.get(&path).await.expect(200).json();
            (asset["state"] != "processing").then_some(asset)
        })
        .await
    }

    /// Makes a release and publishes it at once.
    pub async fn published(&self, release: Value) -> Value {
        let release = self.post("/api/v1/releases", release).await.expect(201).json();
        let id = id_of(&release);
        self.post_empty(&format!("/api/v1/releases/{id}/publish")).await.expect(200);
        self.get(&format!("/api/v1/releases/{id}")).await.expect(200).json()
    }

    /// A release with everything it needs to be published.
    pub fn plain_release(headline: &str) -> Value {
        json!({ "language": "de", "headline": headline, "body": "Der erste Absatz.\n\nDer zweite Absatz." })
    }

    /// The titles that a search finds, by kind.
    pub async fn found(&self, query: &str) -> BTreeMap<String, Vec<String>> {
        let answer = self.get(&format!("/api/v1/search?q={}", percent(query))).await.expect(200).json();
        let mut found = BTreeMap::<String, Vec<String>>::new();
        for hit in answer["hits"].as_array().expect("hits") {
            let text = |name: &str| hit[name].as_str().unwrap_or_default().to_owned();
            found.entry(text("kind")).or_default().push(text("title"));
        }
        found
    }
}

pub fn id_of(record: &Value) -> &str {
    record["id"].as_str().unwrap_or_else(|| panic!("no id in {record:#}"))
}

/// Percent-encodes a query value.
pub fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
