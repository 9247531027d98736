//! Findings for clients that ask for them.

use lsp_types::request::DocumentDiagnosticRequest;
use lsp_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use super::analysis::Scene;
use super::diagnostics::result_id;
use super::requests::Given;
use super::server::Server;

/// What was found in a text.
pub(super) fn document(
    scene: &mut Scene<'_, '_, '_>,
    params: DocumentDiagnosticParams,
) -> Given<DocumentDiagnosticRequest> {
    let items = scene.found.get(&params.text_document.uri).cloned().unwrap_or_default();
    let result_id = result_id(&items);
    let report = if params.previous_result_id.as_ref() == Some(&result_id) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
        })
    } else {
        let result_id = Some(result_id);
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
        })
    };
    Ok(DocumentDiagnosticReportResult::Report(report))
}

/// What was found last, in every file of every project.
pub(super) fn workspace(
    server: &Server,
    params: &WorkspaceDiagnosticParams,
) -> WorkspaceDiagnosticReportResult {
    let mut items = Vec::new();
    for analysis in server.projects.analyses() {
        let mut files = analysis.shown();
        // What was told of a file that has nothing any more is taken back.
        for previous in &params.previous_result_ids {
            if analysis.has_shown(&previous.uri) {
                files.entry(previous.uri.clone()).or_default();
            }
        }
        for (uri, found) in files {
            let version = server.documents.get(&uri).map(|document| i64::from(document.version));
            let result_id = result_id(&found);
            let mut previous = params.previous_result_ids.iter();
            let is_same = previous.any(|it| it.uri == uri && it.value == result_id);
            items.push(if is_same {
                let report = UnchangedDocumentDiagnosticReport { result_id };
                WorkspaceDocumentDiagnosticReport::Unchanged(
                    WorkspaceUnchangedDocumentDiagnosticReport {
                        uri,
                        version,
                        unchanged_document_diagnostic_report: report,
                    },
                )
            } else {
                let report =
                    FullDocumentDiagnosticReport { result_id: Some(result_id), items: found };
                WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                    uri,
                    version,
                    full_document_diagnostic_report: report,
                })
            });
        }
    }
    WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items })
}
