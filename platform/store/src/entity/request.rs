//! Tables of a tenant about drafts, dossiers and their history.

pub(crate) mod draft {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "draft")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub demarche: String,
        pub component: String,
        pub holder: String,
        pub usager: Option<Uuid>,
        pub agent: Option<Uuid>,
        pub channel: String,
        pub answers: String,
        pub kept: Option<String>,
        pub page: Option<String>,
        pub revision: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub expires_at: i64,
        pub dossier: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod dossier {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dossier")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub demarche: String,
        pub component: String,
        pub settings: String,
        pub kind: String,
        pub channel: String,
        pub language: String,
        pub service: String,
        pub restricted: bool,
        pub retention_class: String,
        pub revision: i64,
        pub state: String,
        pub phase: String,
        pub waits_for: String,
        pub outcome: Option<String>,
        pub origin: Option<String>,
        pub filed_at: i64,
        pub term_at: Option<i64>,
        pub deadline_at: Option<i64>,
        pub closed_at: Option<i64>,
        pub updated_at: i64,
        pub assignee: Option<Uuid>,
        pub usager: Option<Uuid>,
        pub contact: String,
        pub summary: String,
        pub marks: String,
        pub memory: String,
        pub head: String,
        pub tracking_hash: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod dossier_event {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dossier_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dossier: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at: i64,
        pub kind: String,
        pub actor_kind: String,
        pub actor_id: String,
        pub actor_function: String,
        pub component: String,
        pub settings: String,
        pub payload_digest: String,
        pub previous: String,
        pub hash: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod event_payload {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "event_payload")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dossier: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub salt: Vec<u8>,
        pub payload: Vec<u8>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod answer {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "answer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dossier: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub field: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub line: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub value: String,
        pub component: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod answer_index {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "answer_index")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dossier: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub field: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub line: i64,
        pub text_key: Option<String>,
        pub int_key: Option<i64>,
        pub date_key: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod term {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "term")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub term: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub dossier: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
