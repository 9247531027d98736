//! A bug in one answer is an answer, too.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lsp_server::ErrorCode;
use lsp_types::MessageType;

use super::client::{Answer, Client, failed};

/// Runs something that must not end the server. What was half done is thrown away by the caller.
///
/// # Errors
/// When it panicked: the message.
pub(super) fn caught<R>(run: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned())
    })
}

/// Runs what answers a request; a panic becomes an error, and a line in the log.
pub(super) fn guarded<A: From<Answer>>(
    client: &Client,
    method: &str,
    run: impl FnOnce() -> A,
) -> A {
    caught(run).unwrap_or_else(|what| {
        client.log(MessageType::ERROR, format!("internal error in {method}: {what}"));
        A::from(Err(failed(ErrorCode::InternalError, format!("internal error: {what}"))))
    })
}

#[cfg(test)]
mod tests {
    use lsp_server::{Connection, Message};

    use super::guarded;
    use crate::lsp::client::{Abilities, Answer, Client};

    #[test]
    fn a_panic_is_an_answer_and_a_line_in_the_log() {
        let (server, client) = Connection::memory();
        let out = Client::new(server.sender, Abilities::default());
        let answer: Answer = guarded(&out, "textDocument/hover", || panic!("no row {}", 7));
        assert_eq!(answer.unwrap_err().message, "internal error: no row 7");
        let Message::Notification(log) = client.receiver.recv().unwrap() else { panic!("a log") };
        assert_eq!(log.params["message"], "internal error in textDocument/hover: no row 7");
        let fine: Answer = guarded(&out, "x", || Ok(1.into()));
        assert!(fine.is_ok());
    }
}
