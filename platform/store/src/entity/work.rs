//! Tables of a tenant about what a dossier carries and what is to be done about it.

pub(crate) mod piece {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "piece")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dossier: Option<Uuid>,
        pub draft: Option<Uuid>,
        pub field: Option<String>,
        pub line: i64,
        pub name: String,
        pub media_type: String,
        pub size: i64,
        pub sha256: String,
        pub object_key: String,
        pub kind: String,
        pub audience: String,
        pub key: Option<String>,
        pub created_at: i64,
        pub removed_at: Option<i64>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod message {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "message")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dossier: Uuid,
        pub at: i64,
        pub author_kind: String,
        pub author_id: Option<Uuid>,
        pub body: String,
        pub read_at: Option<i64>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod task {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "task")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dossier: Uuid,
        pub key: String,
        pub function: String,
        pub title: String,
        pub due: Option<i64>,
        pub assignee: Option<Uuid>,
        pub created_at: i64,
        pub done_at: Option<i64>,
        pub opinion: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod piece_request {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "piece_request")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dossier: Uuid,
        pub asked_at: i64,
        pub due_at: i64,
        pub items: String,
        pub reason: String,
        pub essential: bool,
        pub answered_at: Option<i64>,
        pub reminded_at: Option<i64>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod outbox {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dossier: Option<Uuid>,
        pub seq: i64,
        pub idx: i64,
        pub queue: String,
        pub key: Option<String>,
        pub payload: String,
        pub at: i64,
        pub attempts: i64,
        pub leased_until: Option<i64>,
        pub state: String,
        pub last_error: Option<String>,
        pub created_at: i64,
        pub done_at: Option<i64>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod sequence {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sequence")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod act {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "act")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub series: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub year: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub dossier: Uuid,
        pub piece: Option<Uuid>,
        pub signed_at: i64,
        pub signatory: Uuid,
        pub title: String,
        pub text: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
