//! A mail server that keeps what it is given, and refuses what it is told to refuse.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::tools::eventually;

#[derive(Default)]
struct Kept {
    /// Sender, recipient and the mail as it came.
    mails: Vec<(String, String, String)>,
    /// The answer to the next recipients, such as `550 Nobody here`; empty: all are welcome.
    refusal: String,
    /// User and password as they were given, in base64.
    credentials: Vec<String>,
}

pub struct MailServer {
    port: u16,
    kept: Arc<Mutex<Kept>>,
}

/// A mail as Python's own parser reads it.
pub struct ReadMail {
    pub recipient: String,
    /// Headers by name in lower case, and `body`.
    pub parts: Value,
}

impl ReadMail {
    #[track_caller]
    pub fn part(&self, name: &str) -> &str {
        self.parts[name].as_str().unwrap_or_else(|| panic!("no {name} in {:#}", self.parts))
    }

    /// The first address in the text that contains `part`.
    #[track_caller]
    pub fn link(&self, part: &str) -> String {
        let body = self.part("body");
        let found = body.split_whitespace().find(|word| word.starts_with("http") && word.contains(part));
        found.unwrap_or_else(|| panic!("no {part} in {body}")).to_owned()
    }
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let kept = Arc::new(Mutex::new(Kept::default()));
        let shared = Arc::clone(&kept);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&shared)));
            }
        });
        Self { port, kept }
    }

    pub fn url(&self) -> String {
        format!("smtp://desk:p%40ss@127.0.0.1:{}", self.port)
    }

    /// From now on recipients are answered with this.
    pub fn refuse(&self, answer: &str) {
        answer.clone_into(&mut self.kept.lock().unwrap().refusal);
    }

    pub fn credentials(&self) -> Vec<String> {
        self.kept.lock().unwrap().credentials.clone()
    }

    /// How many mails were taken.
    pub fn count(&self) -> usize {
        self.kept.lock().unwrap().mails.len()
    }

    /// Waits for the mail with this number, counted from 0, and reads it.
    pub async fn mail(&self, number: usize) -> ReadMail {
        let (_, recipient, data) = eventually(20.0, &format!("mail {number} arrives"), async || {
            self.kept.lock().unwrap().mails.get(number).cloned()
        })
        .await;
        ReadMail { recipient, parts: read(&data) }
    }
}

/// What Python makes of a mail.
fn read(data: &str) -> Value {
    const SCRIPT: &str = "import email, email.policy, json, sys
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
assert not mail.defects, mail.defects
assert len(set(k.lower() for k in mail)) == len(mail.keys()), mail.keys()
parts = {name.lower(): str(value) for name, value in mail.items()}
parts['body'] = mail.get_content().replace('\\r\\n', '\\n')
print(json.dumps(parts))";
    let mut python = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    python.stdin.take().unwrap().write_all(data.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "Python cannot read\n{data}");
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn talk(stream: TcpStream, kept: Arc<Mutex<Kept>>) -> std::io::Result<()> {
    let (input, mut output) = stream.into_split();
    let mut lines = BufReader::new(input).lines();
    let (mut from, mut to) = (String::new(), String::new());
    output.write_all(b"220 mail.test.example ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let (verb, rest) = line.split_once([' ', ':']).unwrap_or((&line, ""));
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-mail.test.example\r\n250-8BITMIME\r\n250 AUTH PLAIN".to_owned(),
            "AUTH" => {
                kept.lock().unwrap().credentials.push(rest.trim_start_matches("PLAIN ").to_owned());
                "235 Welcome".to_owned()
            }
            "MAIL" => {
                from = address(rest);
                "250 Go on".to_owned()
            }
            "RCPT" => {
                to = address(rest);
                let refusal = kept.lock().unwrap().refusal.clone();
                if refusal.is_empty() { "250 Go on".to_owned() } else { refusal }
            }
            "DATA" => {
                output.write_all(b"354 Go on\r\n").await?;
                let mut data = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    data.push_str("\r\n");
                }
                kept.lock().unwrap().mails.push((from.clone(), to.clone(), data));
                "250 Kept".to_owned()
            }
            "QUIT" => {
                output.write_all(b"221 Bye\r\n").await?;
                return Ok(());
            }
            _ => "250 Fine".to_owned(),
        };
        output.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

fn address(text: &str) -> String {
    text.split('<').nth(1).and_then(|rest| rest.split('>').next()).unwrap_or_default().to_owned()
}
