namespace Fairlead.Engine.Infrastructure.Policies.Rules;

/// <summary>Of passwords and keys.</summary>
internal static class SecretPolicies
{
    public static IReadOnlyList<Policy> All { get; } =
    [
        new(
            "secret-in-code",
            PolicySeverity.Critical,
            "It stands in the repository and in all its copies, for good.",
            "Let the cloud make it (manage_master_user_password), or put it into a secret by another way; change this one, as it is known."
        )
        {
            Find = Secrets,
        },
        new(
            "key-not-rotated",
            PolicySeverity.Medium,
            "What is encrypted for years by one key is lost all at once with it.",
            "Set enable_key_rotation = true."
        )
        {
            Find = static plan =>
                plan.Of("aws_kms_key")
                    .Where(static one =>
                        one.IsOff("enable_key_rotation")
                        && one.Values["customer_master_key_spec"].Text() is null or "SYMMETRIC_DEFAULT"
                        && one.Values["key_usage"].Text() is null or "ENCRYPT_DECRYPT"
                    )
                    .Select(static one => Violation.Of(one, "enable_key_rotation", "It is never changed.")),
        },
        new(
            "key-long-lived",
            PolicySeverity.Medium,
            "Such a key works from anywhere until somebody notices that it got out; and it stands in Terraform's state.",
            "Use a role: programs at AWS have one, CI systems get one by OpenID Connect, people sign in."
        )
        {
            Find = static plan =>
                plan.Of("aws_iam_access_key", "google_service_account_key")
                    .Select(static one => Violation.Of(one, null, "It is a key that never ends.")),
        },
    ];

    private static IEnumerable<Violation> Secrets(JudgedPlan plan)
    {
        (string Type, string Attribute)[] secrets =
        [
            ("aws_db_instance", "password"),
            ("aws_rds_cluster", "master_password"),
            ("aws_redshift_cluster", "master_password"),
            ("aws_docdb_cluster", "master_password"),
            ("aws_elasticache_replication_group", "auth_token"),
            ("aws_secretsmanager_secret_version", "secret_string"),
            ("aws_iam_user_login_profile", "password"),
            ("azurerm_mssql_server", "administrator_login_password"),
            ("azurerm_postgresql_flexible_server", "administrator_password"),
            ("azurerm_key_vault_secret", "value"),
            ("google_sql_user", "password"),
            ("google_secret_manager_secret_version", "secret_data"),
        ];
        return secrets
            .SelectMany(kind => plan.Of(kind.Type).Select(one => (Thing: one, kind.Attribute)))
            .Where(static one =>
                one.Thing.Constant.Contains(one.Attribute) && one.Thing.Values[one.Attribute] is not null
            )
            .Select(static one => Violation.Of(one.Thing, one.Attribute, $"Its '{one.Attribute}' stands in the code."))
            .Concat(
                plan.Of("aws_ssm_parameter")
                    .Where(static one => one.Values["type"].Text() is "SecureString" && one.Constant.Contains("value"))
                    .Select(static one => Violation.Of(one, "value", "Its 'value' stands in the code."))
            );
    }
}
