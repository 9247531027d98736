//! What the backend makes of the fixture, and names and addresses one by one.

use super::{Expiries, below, github_api, name, of_github};
use crate::backend::fixture;
use crate::model::Generator;

#[test]
fn what_ends_previews() {
    insta::assert_snapshot!(fixture::lowered(&Expiries, &fixture::model()));
}

#[test]
fn addresses_are_completed_as_argo_cd_does() {
    let check = |api: &str, asked: &str| assert_eq!(github_api(api), asked, "{api}");
    check("https://git.acme.example", "https://git.acme.example/api/v3");
    check("https://git.acme.example/", "https://git.acme.example/api/v3");
    check("https://git.acme.example/api/v3/", "https://git.acme.example/api/v3");
    check("https://api.acme.example", "https://api.acme.example");
    check("https://eu.api.acme.example/", "https://eu.api.acme.example");
    assert_eq!(
        below("https://gitlab.acme.example", "/api/v4"),
        "https://gitlab.acme.example/api/v4"
    );
    assert_eq!(
        below("https://gitlab.acme.example/api/v4/", "/api/v4"),
        "https://gitlab.acme.example/api/v4"
    );
}

#[test]
fn names_are_short_and_told_apart() {
    let model = fixture::model();
    let found = model.apps.iter().flat_map(|it| &it.value.from).find_map(|(_, it)| {
        if let Generator::GitHubPullRequests(pulls) = it { Some(pulls) } else { None }
    });
    let pulls = found.unwrap();
    let round = of_github(pulls).unwrap();
    assert_eq!(name("previews", &round, true), "expire-previews");
    let long = "a".repeat(63);
    let short = name(&long, &round, true);
    assert_eq!(short.len(), 52);
    assert_ne!(short, name(&format!("{}b", &long[1..]), &round, true));
    let mut other = pulls.clone();
    other.labels = vec![fixture::of("other")];
    let other = of_github(&other).unwrap();
    assert_ne!(name("previews", &round, false), name("previews", &other, false));
}
