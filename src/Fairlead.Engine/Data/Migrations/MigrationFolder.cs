using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Data.Migrations;

/// <summary>A folder of migrations in SQL: <c>0001_name.sql</c>, or a folder for each with a <c>migration.sql</c>, as Prisma has it.</summary>
public static class MigrationFolder
{
    /// <summary>Where projects keep them, in the order in which they are looked for.</summary>
    public static IReadOnlyList<string> Customary { get; } =
    [
        "db/migrations",
        "migrations",
        "db/migrate",
        "prisma/migrations",
        "drizzle",
        "supabase/migrations",
        "src/main/resources/db/migration",
        "sql/migrations",
        "database/migrations",
    ];

    private const int FilesMax = 5_000;

    /// <summary>All of a folder, in the order in which they run: by their numbers, else by their names.</summary>
    /// <param name="folder">From the tree; <c>.</c> for all of it.</param>
    /// <exception cref="ProblemException">There are none, two have one number, or one cannot be read.</exception>
    public static IReadOnlyList<MigrationFile> Read(IFileTree tree, string folder)
    {
        var names = Names(tree, folder);
        if (names.Count == 0)
        {
            throw None(tree, folder);
        }
        if (names.Count > FilesMax)
        {
            throw Wrong(
                "migration.too-many",
                $"{folder} has {names.Count} migrations.",
                $"At most {FilesMax} are read.",
                "Join the oldest ones."
            );
        }
        foreach (var group in names.Where(static one => NumberOf(one) is not null).GroupBy(NumberOf))
        {
            if (group.Count() > 1)
            {
                var (first, second) = (group.First(), group.Skip(1).First());
                throw Wrong(
                    "migration.same-number",
                    $"{first} and {second} have the same number.",
                    "Which one runs first would be chance.",
                    $"Give one of them another number: mv {folder}/{second} ..."
                );
            }
        }
        return [.. names.Order(Comparer<string>.Create(Compare)).Select(name => ReadOne(tree, folder, name))];
    }

    /// <summary>The folder of migrations in SQL that a tree has; null when it has none of the usual ones.</summary>
    public static string? Find(IFileTree tree) => Customary.FirstOrDefault(folder => Names(tree, folder).Count > 0);

    /// <summary>What a release knows of its migrations, in one word: names and contents count.</summary>
    public static string DigestOf(IEnumerable<MigrationMark> marks) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(string.Join('\n', marks.Select(static one => $"{one.Digest} {one.Name}")))
            )
        );

    private static List<string> Names(IFileTree tree, string folder)
    {
        var names = new List<string>();
        foreach (var name in tree.List(folder))
        {
            if (name.EndsWith('/'))
            {
                if (tree.FileExists($"{folder}/{name}migration.sql"))
                {
                    names.Add($"{name}migration.sql");
                }
            }
            else if (IsForward(name))
            {
                names.Add(name);
            }
        }
        return names;
    }

    // What leads back is not run by us: a rollback brings back code, never a schema.
    private static bool IsForward(string name) =>
        name.EndsWith(".sql", StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith(".down.sql", StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith(".undo.sql", StringComparison.OrdinalIgnoreCase)
        && !(name.StartsWith('U') && name.Length > 1 && char.IsAsciiDigit(name[1]));

    private static MigrationFile ReadOne(IFileTree tree, string folder, string name) =>
        new(
            name,
            tree.ReadText($"{folder}/{name}")
                ?? throw Wrong(
                    "migration.unreadable",
                    $"The migration {name} cannot be read.",
                    "It is larger than 1 MiB, or not text in UTF-8, or leads out of the folder.",
                    "Part it, or load large data in another way."
                )
        );

    // Numbers as people count: 9 comes before 10.
    private static int Compare(string left, string right) =>
        (NumberOf(left), NumberOf(right)) switch
        {
            ({ } one, { } other) when one != other => one.CompareTo(other),
            (not null, null) => -1,
            (null, not null) => 1,
            _ => string.CompareOrdinal(left, right),
        };

    // 0004_add_email.sql, 20260102030405_add.sql, V4__add.sql, V1_2__add.sql (only its first part)
    private static BigInteger? NumberOf(string name)
    {
        var from = name.StartsWith('V') || name.StartsWith('v') ? 1 : 0;
        var end = from;
        while (end < name.Length && char.IsAsciiDigit(name[end]))
        {
            end++;
        }
        // V1_2 and V1.2 have more than one number; their names order them.
        return end == from || (end + 1 < name.Length && name[end] is '.' or '_' && char.IsAsciiDigit(name[end + 1]))
            ? null
            : BigInteger.Parse(name[from..end], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static ProblemException None(IFileTree tree, string folder) =>
        Wrong(
            "migration.none",
            $"There are no migrations in {tree.Root}/{folder}.",
            "A migration is a file such as 0001_create_orders.sql, or a folder with a migration.sql.",
            $"Name their folder: fairlead migration lint path/to/folder, or databases.NAME.migrations in fairlead.yaml."
        );

    private static ProblemException Wrong(string code, string what, string why, string fix) =>
        new(new Problem(code, what, why, fix) { Trouble = Trouble.WrongUse });
}
