using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Data.Migrations;

/// <summary>A tool that changes schemas, as it is recognised and called.</summary>
/// <param name="Sign">A file that says a project uses it.</param>
/// <param name="Folder">Where its migrations usually are.</param>
/// <param name="Command">Runs what is pending; asks nobody, and takes the address from its environment or its own settings.</param>
public sealed record MigrationTool(
    string Name,
    IReadOnlyList<string> Sign,
    string Folder,
    IReadOnlyList<string> Command
);

/// <summary>Every tool. To add one: a line here, a row in docs/guides/migrations.md.</summary>
public static class MigrationTools
{
    /// <summary>Fairlead's own runner.</summary>
    public const string Own = "sql";

    private const int FilesMax = 5_000;
    private const int DepthMax = 6;

    public static IReadOnlyList<MigrationTool> Entries { get; } =
    [
        new("alembic", ["alembic.ini"], "alembic", ["alembic", "upgrade", "head"]),
        new("atlas", ["atlas.hcl"], "migrations", ["atlas", "migrate", "apply", "--env", "fairlead"]),
        new("django", ["manage.py"], ".", ["python3", "manage.py", "migrate", "--noinput"]),
        new(
            "drizzle",
            ["drizzle.config.ts", "drizzle.config.js", "drizzle.config.mjs"],
            "drizzle",
            ["npx", "--no-install", "drizzle-kit", "migrate"]
        ),
        new("ef", ["Migrations"], "Migrations", ["dotnet", "ef", "database", "update"]),
        new("flyway", ["flyway.toml", "flyway.conf"], "sql", ["flyway", "migrate"]),
        new(
            "knex",
            ["knexfile.js", "knexfile.ts", "knexfile.mjs"],
            "migrations",
            ["npx", "--no-install", "knex", "migrate:latest"]
        ),
        new("liquibase", ["liquibase.properties"], "db", ["liquibase", "update"]),
        new(
            "prisma",
            ["prisma/schema.prisma"],
            "prisma/migrations",
            ["npx", "--no-install", "prisma", "migrate", "deploy"]
        ),
        new("rails", ["bin/rails"], "db/migrate", ["bin/rails", "db:migrate"]),
    ];

    /// <summary>The tool that a project shows; null where none is recognised.</summary>
    public static MigrationTool? Find(IFileTree tree) =>
        Entries.FirstOrDefault(tool =>
            tool.Sign.Any(sign => tool.Name == "ef" ? IsEf(tree, sign) : tree.FileExists(sign))
        );

    /// <summary>The tool of this name; null for none, and for Fairlead's own.</summary>
    public static MigrationTool? Named(string name) => Entries.FirstOrDefault(one => one.Name == name);

    /// <summary>What a tool's folder is, so that it runs when that has changed. Names and contents count.</summary>
    public static string DigestOf(IFileTree tree, string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var left = FilesMax;
        Add(tree, folder, DepthMax);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(IFileTree from, string inside, int depth)
        {
            foreach (
                var name in from.List(inside)
                    .Where(static one =>
                        !one.StartsWith('.') && one is not ("node_modules/" or "__pycache__/" or "bin/" or "obj/")
                    )
            )
            {
                var path = inside == "." ? name : $"{inside}/{name}";
                if (name.EndsWith('/') && depth > 0)
                {
                    Add(from, path.TrimEnd('/'), depth - 1);
                }
                else if (!name.EndsWith('/') && left-- > 0 && from.ReadBytes(path) is { } bytes)
                {
                    hash.AppendData(Encoding.UTF8.GetBytes(path + "\0"));
                    hash.AppendData(SHA256.HashData(bytes));
                }
            }
        }
    }

    /// <summary>
    /// The address as tools look for it: in the variable of the secret's name, and as Flyway and Liquibase (JDBC) and libpq's timeouts want it.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> Variables(Database database, string url)
    {
        yield return new(database.Url ?? "DATABASE_URL", url);
        if (database.Migrations is not { } migrations || database.Kind != DatabaseKind.Postgres)
        {
            yield break;
        }
        yield return new(
            "PGOPTIONS",
            $"-c lock_timeout={(long)migrations.LockTimeout.TotalMilliseconds} -c statement_timeout={(long)migrations.StatementTimeout.TotalMilliseconds}"
        );
        if (migrations.Tool is "flyway" or "liquibase" && Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            var login = address.UserInfo.Split(':', 2);
            var jdbc =
                $"jdbc:postgresql://{address.Authority[(address.Authority.IndexOf('@', StringComparison.Ordinal) + 1)..]}{address.PathAndQuery}";
            var (place, user, password) =
                migrations.Tool == "flyway"
                    ? ("FLYWAY_URL", "FLYWAY_USER", "FLYWAY_PASSWORD")
                    : ("LIQUIBASE_COMMAND_URL", "LIQUIBASE_COMMAND_USERNAME", "LIQUIBASE_COMMAND_PASSWORD");
            yield return new(place, jdbc);
            yield return new(user, Uri.UnescapeDataString(login[0]));
            yield return new(password, login.Length > 1 ? Uri.UnescapeDataString(login[1]) : "");
        }
    }

    private static bool IsEf(IFileTree tree, string folder) =>
        tree.FolderExists(folder)
        && tree.List(".")
            .Where(static name => name.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase))
            .Any(name =>
                tree.ReadText(name)?.Contains("Microsoft.EntityFrameworkCore", StringComparison.Ordinal) == true
            );
}
