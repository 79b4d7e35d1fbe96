//! A throw-away PostgreSQL 15 for tests, from Debian's binaries: no port, no trace, stopped and erased when the process that
//! asked for it ends, however it ends. `PARVIS_TEST_DATABASE_URL` names another server, as its superuser.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        LazyLock, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

const BINARIES: &str = "/usr/lib/postgresql/15/bin";
const OWNER: &str = "parvis_owner";
const APPLICATION: &str = "parvis_app";
const TEMPLATE: &str = "parvis_template";

/// Runs until its standard input closes; the folder goes with it.
const SCRIPT: &str = r#"
set -e
dir=$(mktemp -d)
server=
trap 'test -z "$server" || { kill -INT "$server"; wait "$server"; } || true; rm -rf "$dir"' EXIT
"$1/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >&2
"$1/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c synchronous_commit=off -c max_connections=400 >"$dir/log" 2>&1 </dev/null &
server=$!
until "$1/pg_isready" -q -h "$dir"; do kill -0 "$server" || { cat "$dir/log" >&2; exit 1; }; sleep 0.05; done
echo "$dir"
cat >/dev/null
"#;

static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);
static DATABASES: AtomicU32 = AtomicU32::new(0);
static CREATING: Mutex<()> = Mutex::new(());

struct Cluster {
    /// Its standard input keeps the server alive.
    _server: Option<Child>,
    /// URL of a role on a database.
    base: Base,
}

enum Base {
    Socket(String),
    Url(String),
}

/// A migrated database of its own, for one test.
pub(crate) struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// Copies the migrated template.
    pub(crate) fn create() -> Self {
        let cluster = &*CLUSTER;
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("parvis_test_{}_{number}", std::process::id());
        let sql = format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}");
        let _one_at_a_time = CREATING.lock().unwrap();
        aside(async move {
            let admin = Database::connect(cluster.url("postgres", "postgres")).await.unwrap();
            admin.execute_unprepared(&sql).await.unwrap();
            admin.close().await.unwrap();
        });
        Self { name }
    }

    /// URL of the role that serves.
    pub(crate) fn application_url(&self) -> String {
        CLUSTER.url(APPLICATION, &self.name)
    }

    /// URL of the role that owns the tables.
    pub(crate) fn owner_url(&self) -> String {
        CLUSTER.url(OWNER, &self.name)
    }

    /// A connection that no policy holds back.
    pub(crate) async fn superuser(&self) -> DatabaseConnection {
        Database::connect(CLUSTER.url("postgres", &self.name)).await.unwrap()
    }

    /// A bare connection of the application's role.
    pub(crate) async fn application(&self) -> DatabaseConnection {
        Database::connect(self.application_url()).await.unwrap()
    }
}

impl Cluster {
    fn start() -> Self {
        let cluster = given_server().map_or_else(throw_away, |url| Self { _server: None, base: Base::Url(url) });
        let admin = cluster.url("postgres", "postgres");
        let owner = cluster.url(OWNER, TEMPLATE);
        aside(async move {
            let admin = Database::connect(admin).await.unwrap();
            for sql in [
                format!("DROP DATABASE IF EXISTS {TEMPLATE}"),
                format!("DROP ROLE IF EXISTS {OWNER}"),
                format!("DROP ROLE IF EXISTS {APPLICATION}"),
                format!("CREATE ROLE {OWNER} LOGIN PASSWORD '{OWNER}'"),
                format!("CREATE ROLE {APPLICATION} LOGIN PASSWORD '{APPLICATION}'"),
                format!("CREATE DATABASE {TEMPLATE} OWNER {OWNER}"),
            ] {
                admin.execute_unprepared(&sql).await.unwrap();
            }
            admin.close().await.unwrap();
            parvis_store::migrate_postgres(&owner, APPLICATION).await.unwrap();
        });
        cluster
    }

    fn url(&self, role: &str, database: &str) -> String {
        match &self.base {
            Base::Socket(dir) => format!("postgres://{role}@localhost/{database}?host={dir}"),
            Base::Url(url) => {
                let (scheme, rest) = url.split_once("://").expect("PARVIS_TEST_DATABASE_URL is a URL");
                let (login, place) = rest.split_once('@').expect("PARVIS_TEST_DATABASE_URL names a role");
                let server = place.split('/').next().unwrap_or(place);
                let login = if role == "postgres" { login.to_owned() } else { format!("{role}:{role}") };
                format!("{scheme}://{login}@{server}/{database}")
            }
        }
    }
}

fn throw_away() -> Cluster {
    assert!(
        Path::new(BINARIES).join("initdb").exists(),
        "PostgreSQL 15 is needed: install Debian's package postgresql-15, or set PARVIS_TEST_DATABASE_URL"
    );
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    // initdb refuses to run as root.
    let mut command = Command::new(if root { "setpriv" } else { "sh" });
    if root {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]);
    }
    let mut server = command
        .args(["-c", SCRIPT, "cluster", BINARIES])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut dir = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut dir).unwrap();
    assert!(!dir.is_empty(), "the throw-away PostgreSQL did not start");
    Cluster { _server: Some(server), base: Base::Socket(dir.trim().to_owned()) }
}

#[expect(clippy::disallowed_methods, reason = "the environment of the tests, read once")]
fn given_server() -> Option<String> {
    std::env::var("PARVIS_TEST_DATABASE_URL").ok()
}

/// Runs outside of the test's own runtime, which may not block.
fn aside(work: impl Future<Output = ()> + Send + 'static) {
    let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work);
    std::thread::spawn(run).join().unwrap();
}
