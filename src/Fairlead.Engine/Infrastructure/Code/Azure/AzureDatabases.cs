using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Flexible servers of PostgreSQL and MySQL, in the network.</summary>
internal static class AzureDatabases
{
    /// <summary>The name of a database's first user.</summary>
    public const string User = "app";

    private const string Part = AzureParts.Data;
    private const int BackupDaysMax = 35;

    public static CodeValue Host(AzureDraft draft, Database database) =>
        draft.At(database, "properties.fullyQualifiedDomainName");

    public static void Add(AzureDraft draft, Database database)
    {
        var isPostgres = database.Engine is DatabaseEngine.Postgres;
        var variable = $"{database.Name.Replace('-', '_').ToUpperInvariant()}_PASSWORD";
        var password = draft.Parameter(
            new(
                draft.Symbol(database, "password"),
                "string",
                $"Password of {database.Name}: 16 letters or more, the same each time",
                null
            )
            {
                IsSecret = true,
                Variable = variable,
            }
        );
        var (sku, tier) = AzureSizes.Server(database.Engine, database.Size, isAlone: !database.HasStandby);
        var itself = draft.Add(
            Part,
            isPostgres ? AzureTypes.Postgres : AzureTypes.Mysql,
            database,
            [
                .. Head(draft.Unique(database.Name, 63)),
                ("sku", Map(("name", sku), ("tier", tier))),
                ("properties", isPostgres ? Postgres(draft, database, password) : Mysql(draft, database, password)),
            ]
        );
        AddWithin(draft, database, itself);
        AzureVault.Keep(draft, database, password);
        if (database.IsProtected)
        {
            draft.Lock(itself);
        }
        Notes(draft, database, variable);
        draft.Tell($"{itself.Symbol}Host", $"Where {database.Name} answers", Host(draft, database));
    }

    private static CodeValue Postgres(AzureDraft draft, Database database, CodeValue password) =>
        Map(
            ("version", database.Version.Split('.')[0]),
            ("administratorLogin", User),
            ("administratorLoginPassword", password),
            ("authConfig", Map(("activeDirectoryAuth", "Disabled"), ("passwordAuth", "Enabled"))),
            (
                "storage",
                Map(("storageSizeGB", AzureSizes.Disk(database.Engine, database.Storage)), ("autoGrow", "Enabled"))
            ),
            ("backup", Backup(database)),
            (
                "network",
                Map(
                    ("delegatedSubnetResourceId", AzureNetwork.Subnet(draft, AzureSubnets.Postgres)),
                    ("privateDnsZoneArmResourceId", Zone(draft, "postgres"))
                )
            ),
            ("highAvailability", Standby(database))
        );

    private static CodeValue Mysql(AzureDraft draft, Database database, CodeValue password) =>
        Map(
            ("version", database.Version.StartsWith("8.0", StringComparison.Ordinal) ? "8.0.21" : database.Version),
            ("administratorLogin", User),
            ("administratorLoginPassword", password),
            (
                "storage",
                Map(
                    ("storageSizeGB", AzureSizes.Disk(database.Engine, database.Storage)),
                    ("autoGrow", "Enabled"),
                    ("autoIoScaling", "Enabled")
                )
            ),
            ("backup", Backup(database)),
            (
                "network",
                Map(
                    ("delegatedSubnetResourceId", AzureNetwork.Subnet(draft, AzureSubnets.Mysql)),
                    ("privateDnsZoneResourceId", Zone(draft, "mysql"))
                )
            ),
            ("highAvailability", Standby(database))
        );

    private static CodeValue Zone(AzureDraft draft, string engine) =>
        AzureNetwork.Zone(draft, $"{engine}-names", Join(Name, $".private.{engine}.database.azure.com"));

    private static CodeValue Standby(Database database) =>
        Map(("mode", database.HasStandby ? "ZoneRedundant" : "Disabled"));

    private static CodeValue Backup(Database database) =>
        Map(
            ("backupRetentionDays", Math.Clamp(database.BackupDays, BackupDaysMin(database), BackupDaysMax)),
            ("geoRedundantBackup", "Disabled")
        );

    private static int BackupDaysMin(Database database) => database.Engine is DatabaseEngine.Postgres ? 7 : 1;

    private static void AddWithin(AzureDraft draft, Database database, BicepResource server)
    {
        var isPostgres = database.Engine is DatabaseEngine.Postgres;
        draft.Add(
            draft.New(
                Part,
                isPostgres ? AzureTypes.PostgresDatabase : AzureTypes.MysqlDatabase,
                (database, "schema"),
                ("name", database.Schema),
                (
                    "properties",
                    isPostgres
                        ? Map(("charset", "UTF8"), ("collation", "en_US.utf8"))
                        : Map(("charset", "utf8mb4"), ("collation", "utf8mb4_0900_ai_ci"))
                )
            ) with
            {
                Parent = server.Symbol,
            }
        );
        if (!isPostgres)
        {
            // One after the other: a server takes one change at a time.
            var tls = AddSetting(draft, database, ("require_secure_transport", "ON"), draft.Symbol(database, "schema"));
            AddSetting(draft, database, ("tls_version", "TLSv1.2,TLSv1.3"), tls);
        }
    }

    private static string AddSetting(
        AzureDraft draft,
        Database database,
        (string Name, string Value) one,
        string after
    ) =>
        draft
            .Add(
                draft.New(
                    Part,
                    AzureTypes.MysqlSetting,
                    (database, one.Name),
                    ("name", one.Name),
                    ("properties", Map(("value", one.Value), ("source", "user-override")))
                ) with
                {
                    Parent = draft.Symbol(database),
                    After = [after],
                }
            )
            .Symbol;

    private static void Notes(AzureDraft draft, Database database, string variable)
    {
        draft.Note(
            $"Azure makes no password for {database.Name}: make one, export {variable}=\"$(openssl rand -base64 33)\", and give the same each time. The vault keeps it as {AzureVault.Called(database)}, where programs read it and where it is found again."
        );
        draft.Note("Databases take connections with TLS alone.");
        if (database.BackupDays < BackupDaysMin(database) || database.BackupDays > BackupDaysMax)
        {
            draft.Note(
                $"Azure keeps backups of {database.Name} for {BackupDaysMin(database)} to {BackupDaysMax} days, and not {database.BackupDays} as the manifest says."
            );
        }
    }
}
