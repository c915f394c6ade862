use super::order::visible;
use crate::{
    methods::prelude::*,
    store::history_reports,
    wire::{Answer, StoredFile},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Supervisor, Role::Accountant, Role::Payer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::History;
pub const ERRORS: &[Code] = &[codes::REPORT_NOT_FINISHED, codes::REPORT_FAILED];

#[derive(Request)]
pub struct Request {
    /// The report.
    #[param(code(HISTORY_REPORT_ID))]
    pub history_report_id: i64,
}

/// The file, when it is not an error.
#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// The answer's body.
    pub file_content: String,
}

/// Gives the file of a finished history report.
#[method(answer)]
pub async fn download_history_report(call: &Call, request: Request) -> Result<Answer> {
    let (id, now) = (request.history_report_id, call.now);
    let visible: Vec<&str> = visible(&call.caller).collect();
    let unknown = move || Error::field(codes::HISTORY_REPORT_ID, "history_report_id", format!("'history_report_id' is invalid: there is no report {id}."));
    let report = call
        .note(move |account, tx| {
            let report = history_reports::find(account, tx, id)?.filter(|report| visible.contains(&report.history_type.as_str())).ok_or_else(unknown)?;
            if report.failed {
                return Err(Error::new(codes::REPORT_FAILED, format!("The report {id} could not be built; order it again.")).into());
            }
            if report.completed_at.is_none() {
                return Err(Error::new(codes::REPORT_NOT_FINISHED, format!("The report {id} is not finished yet; GetHistoryReports says when it is.")).into());
            }
            if report.store_until_at.is_some_and(|until| until < now) {
                return Err(unknown().into());
            }
            history_reports::downloaded(account, tx, id, now)?;
            Ok(report)
        })
        .await?;
    Ok(Answer::Stored(StoredFile { path: call.api().report_path(id), name: report.file_name.unwrap_or_default() }))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use crate::testing::*;

    async fn ordered(world: &World) -> String {
        world.ok(&world.owner, "GetCallHistoryAsync", &[]).await["history_report_id"].to_string()
    }

    #[on_both_databases]
    async fn a_report_is_downloaded_when_it_is_finished_and_not_before(world: World) {
        let id = ordered(&world).await;
        assert_eq!(world.refused(&world.owner, "DownloadHistoryReport", &[("history_report_id", &id)]).await, 356);
        world.build_reports().await;
        assert_eq!(world.file(&world.owner, "DownloadHistoryReport", &[("history_report_id", &id)]).await, "");
        for (unknown, code) in [("999999", 355), ("x", 355), ("", 134)] {
            assert_eq!(world.refused(&world.owner, "DownloadHistoryReport", &[("history_report_id", unknown)]).await, code);
        }
        let path = world.api.report_path(id.parse().unwrap());
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(path.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
        assert!(!path.with_extension("csv.part").exists());
    }

    #[on_both_databases]
    async fn what_a_crash_left_is_built_anew(world: World) {
        let account = world.account_id();
        world.session(&account, 5, |_, _| {}).await;
        let id = ordered(&world).await;
        let path = world.api.report_path(id.parse().unwrap());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "a file whose row was not written").unwrap();
        std::fs::write(path.with_extension("csv.part"), "half a li").unwrap();
        let world = world.with(|_| {}).await;
        world.build_reports().await;
        let file = world.file(&world.owner, "DownloadHistoryReport", &[("history_report_id", &id)]).await;
        assert_eq!(file.lines().count(), 1);
        assert!(file.ends_with(";Standard\n"), "{file}");
    }

    #[on_both_databases]
    async fn a_report_that_cannot_be_built_says_so_and_holds_up_no_other(world: World) {
        let id = ordered(&world).await;
        let path = world.api.report_path(id.parse().unwrap());
        std::fs::create_dir_all(path.with_extension("csv.part").join("in the way")).unwrap();
        let next = ordered(&world).await;
        world.build_reports().await;
        assert_eq!(world.refused(&world.owner, "DownloadHistoryReport", &[("history_report_id", &id)]).await, 357);
        world.file(&world.owner, "DownloadHistoryReport", &[("history_report_id", &next)]).await;
        let listed = world.ok(&world.owner, "GetHistoryReports", &[("is_completed", "false")]).await;
        assert_eq!((listed["total_count"].as_i64(), listed["result"][0].get("completed")), (Some(1), None));
    }

    #[on_both_databases]
    async fn a_report_goes_after_its_days_with_its_file(world: World) {
        let mut world = world.with(|settings| settings.report_days = 2).await;
        let id = ordered(&world).await;
        world.build_reports().await;
        let path = world.api.report_path(id.parse().unwrap());
        world.advance_ms(2 * 86_400_000);
        world.api.clean(world.now()).await.unwrap();
        assert!(path.exists());
        world.advance_ms(1_000);
        assert_eq!(world.refused(&world.owner, "DownloadHistoryReport", &[("history_report_id", &id)]).await, 355);
        world.api.clean(world.now()).await.unwrap();
        assert!(!path.exists());
        assert_eq!(world.ok(&world.owner, "GetHistoryReports", &[]).await["total_count"], 0);
    }

    #[on_both_databases]
    async fn an_order_wakes_the_job_and_waits_for_nobody_elses(world: World) {
        let child = world.child("tenant-a", "a@example.org").await;
        let first = ordered(&world).await;
        world.api.report_ordered().await;
        ordered(&world).await;
        let of_child = world.ok(&world.owner.on(&child), "GetCallHistoryAsync", &[]).await["history_report_id"].as_i64().unwrap();
        let order = std::sync::Mutex::new(Vec::new());
        let (now, files) = (world.now(), world.api.settings.files.join("reports"));
        let built = || {
            let done = std::fs::read_dir(&files).unwrap().count();
            order.lock().unwrap().push((done, files.join(format!("{of_child}.csv")).exists()));
            now
        };
        world.api.build_reports(built).await.unwrap();
        assert_eq!(*order.lock().unwrap(), [(1, false), (2, true), (3, true)], "the child's is built second, before the parent's second one");
        world.file(&world.owner, "DownloadHistoryReport", &[("history_report_id", &first)]).await;
    }
}
