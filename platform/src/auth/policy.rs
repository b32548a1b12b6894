//! casbin decides, a bitset remembers. The role × permission matrix is evaluated once when a tenant's policy version
//! changes; a check is then one bit. The session query brings the version, so a change takes effect on the next
//! request of every node.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, RbacApi};
use sea_orm::FromQueryResult;
use tokio::sync::OnceCell;

use super::permit::{Grants, Permit};
use crate::db::{Db, Tx, insert};
use crate::error::{Error, Result};
use crate::ids::TenantId;

/// RBAC with domains; the built-in roles hold in every tenant, a tenant's own only in its domain.
const MODEL: &str = "
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.obj == p.obj && r.act == p.act && (p.dom == \"*\" || p.dom == r.dom) && g(r.sub, p.sub, r.dom)
";

const BUILT_IN: &str = include_str!("policy.csv");
/// The roles every tenant has, the least first.
pub const BUILT_IN_ROLES: [&str; 3] = ["sales", "manager", "admin"];

type Compiled = Arc<HashMap<String, Grants>>;

#[derive(Clone)]
pub struct Policies {
    db: Db,
    compiled: Arc<RwLock<HashMap<TenantId, (i64, Compiled)>>>,
}

#[derive(FromQueryResult, Clone)]
struct Rule {
    role: String,
    object: String,
    action: String,
}

impl Policies {
    pub fn new(db: Db) -> Self {
        Policies {
            db,
            compiled: Arc::default(),
        }
    }

    /// What a role may do in a tenant at a policy version.
    pub async fn grants(&self, tenant: TenantId, version: i64, role: &str) -> Result<Grants> {
        let known = self.compiled.read().ok().and_then(|map| map.get(&tenant).cloned());
        let compiled = match known {
            Some((at, compiled)) if at == version => compiled,
            _ => self.compile(tenant, version).await?,
        };
        Ok(compiled.get(role).copied().unwrap_or_default())
    }

    /// What a role may do by what the open transaction sees: for deciding who may give it to whom.
    pub async fn grants_in(tx: &Tx, role: &str) -> Result<Grants> {
        static BUILT_IN: OnceCell<HashMap<String, Grants>> = OnceCell::const_new();
        let built_in = BUILT_IN.get_or_try_init(|| evaluate("*", &[])).await?;
        if let Some(grants) = built_in.get(role) {
            return Ok(*grants);
        }
        Ok(Self::all_in(tx).await?.get(role).copied().unwrap_or_default())
    }

    /// What every role may do, built in or the tenant's own, as the open transaction sees it.
    pub async fn all_in(tx: &Tx) -> Result<HashMap<String, Grants>> {
        evaluate(&tx.tenant().to_string(), &rules(tx).await?).await
    }

    /// Every role that allows something.
    pub async fn roles_with(tx: &Tx, permit: Permit) -> Result<Vec<String>> {
        let all = Self::all_in(tx).await?.into_iter();
        Ok(all
            .filter(|(_, grants)| grants.has(permit))
            .map(|(role, _)| role)
            .collect())
    }

    /// Replaces what a tenant's own role may do. Every node sees it with its next request.
    pub async fn set_in(tx: &Tx, role: &str, grants: Grants) -> Result<()> {
        let tenant = tx.tenant();
        let clear = "DELETE FROM policy WHERE tenant_id = $1 AND role = $2";
        tx.run(clear, vec![tenant.0.into(), role.into()]).await?;
        let rows = grants
            .rows()
            .map(|(_, object, action)| vec![tenant.0.into(), role.into(), (*object).into(), (*action).into()])
            .collect();
        insert(tx, "policy", "tenant_id, role, object, action", rows, "").await?;
        let sql = "UPDATE tenant SET policy_version = policy_version + 1 WHERE id = $1";
        tx.run(sql, vec![tenant.0.into()]).await?;
        Ok(())
    }

    async fn compile(&self, tenant: TenantId, version: i64) -> Result<Compiled> {
        let rules = self.db.read(tenant, async move |tx: Tx| rules(&tx).await).await?;
        let compiled = Arc::new(evaluate(&tenant.to_string(), &rules).await?);
        if let Ok(mut map) = self.compiled.write() {
            map.insert(tenant, (version, compiled.clone()));
        }
        Ok(compiled)
    }
}

async fn rules(tx: &Tx) -> Result<Vec<Rule>> {
    let sql = "SELECT role, object, action FROM policy WHERE tenant_id = $1";
    tx.all(sql, vec![tx.tenant().0.into()]).await
}

async fn evaluate(domain: &str, rules: &[Rule]) -> Result<HashMap<String, Grants>> {
    let model = DefaultModel::from_str(MODEL).await.map_err(Error::internal)?;
    let mut enforcer = Enforcer::new(model, MemoryAdapter::default())
        .await
        .map_err(Error::internal)?;
    let mut roles: Vec<String> = BUILT_IN_ROLES.map(str::to_owned).to_vec();
    for line in BUILT_IN.lines().filter(|line| !line.is_empty()) {
        let parts: Vec<String> = line.split(", ").map(str::to_owned).collect();
        if parts[0] == "p" {
            enforcer
                .add_policy(parts[1..].to_vec())
                .await
                .map_err(Error::internal)?;
        } else {
            enforcer
                .add_role_for_user(&parts[1], &parts[2], Some(domain))
                .await
                .map_err(Error::internal)?;
        }
    }
    for rule in rules {
        if !roles.contains(&rule.role) {
            roles.push(rule.role.clone());
        }
        let policy = vec![
            rule.role.clone(),
            domain.to_owned(),
            rule.object.clone(),
            rule.action.clone(),
        ];
        enforcer.add_policy(policy).await.map_err(Error::internal)?;
    }
    let mut compiled = HashMap::new();
    for role in roles {
        let mut grants = Grants::default();
        for (permit, object, action) in Permit::ALL {
            if enforcer
                .enforce((role.as_str(), domain, *object, *action))
                .map_err(Error::internal)?
            {
                grants = grants.with(*permit);
            }
        }
        compiled.insert(role, grants);
    }
    Ok(compiled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn built_in_roles_follow_the_design_table() {
        let grants = evaluate("t", &[]).await.unwrap();
        let has = |role: &str, permit| grants[role].has(permit);
        assert!(Permit::ALL.iter().all(|(permit, ..)| has("admin", *permit)));
        assert!(has("manager", Permit::LeadsAssign) && !has("manager", Permit::FollowUpsDelete));
        assert!(!has("manager", Permit::Scripts) && !has("manager", Permit::CoursesWrite));
        assert!(has("sales", Permit::LeadsOwn) && !has("sales", Permit::LeadsAll));
        assert!(!has("sales", Permit::LeadsAssign) && has("sales", Permit::ImportsCreate));
    }

    #[tokio::test]
    async fn a_tenants_own_role_holds_what_its_rules_say() {
        let rule = Rule {
            role: "auditor".into(),
            object: "audit".into(),
            action: "read".into(),
        };
        let grants = evaluate("t", &[rule]).await.unwrap();
        assert!(grants["auditor"].has(Permit::Audit) && !grants["auditor"].has(Permit::LeadsOwn));
    }
}
