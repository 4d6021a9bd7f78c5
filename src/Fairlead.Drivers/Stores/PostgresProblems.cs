using System.Security.Authentication;
using Fairlead.Model.Problems;
using Npgsql;

namespace Fairlead.Drivers.Stores;

/// <summary>What PostgreSQL refuses, in words. None of them holds a password: neither do its messages.</summary>
internal static class PostgresProblems
{
    // PostgreSQL's appendix A: it starts, ends or is full; two were in each other's way.
    private static readonly string[] Passing =
    [
        "08000",
        "08001",
        "08003",
        "08004",
        "08006",
        "40001",
        "40P01",
        "53300",
        "57P01",
        "57P02",
        "57P03",
        "57P05",
    ];

    /// <summary>Whether it may go well in a moment.</summary>
    public static bool IsPassing(NpgsqlException caught) =>
        caught is PostgresException said
            ? Passing.Contains(said.SqlState, StringComparer.Ordinal)
            : caught.GetBaseException() is not AuthenticationException && !IsNoPassword(caught);

    /// <summary>Null when PostgreSQL complains about our own SQL.</summary>
    public static Problem? Of(NpgsqlException caught, PostgresAddress address) =>
        caught is PostgresException said ? Said(said, address)
        : IsNoPassword(caught) ? Refused(address, caught.Message)
        : Unreachable(address, caught.GetBaseException().Message);

    public static Problem TooOld(PostgresAddress address, string version, int least) =>
        new(
            "store.too-old",
            What: $"The PostgreSQL at {address} cannot be the store.",
            Why: $"It is version {version}; Fairlead needs {least} or later.",
            Fix: "Upgrade it, or give Fairlead another: --store postgres://…"
        );

    public static Problem NotUtf8(PostgresAddress address, string encoding) =>
        new(
            "store.encoding",
            What: $"The database {address} cannot be the store.",
            Why: $"Its encoding is {encoding}, which does not hold every text.",
            Fix: "Make one of UTF-8: createdb --encoding UTF8 --template template0 fairlead"
        );

    public static Problem ReadOnly(PostgresAddress address, bool isStandby) =>
        new(
            "store.read-only",
            What: $"Nothing can be written to {address}.",
            Why: isStandby
                ? "It is a standby that follows another PostgreSQL."
                : "It lets this user only read: default_transaction_read_only is on.",
            Fix: isStandby ? "Say the address of its primary." : "ALTER ROLE … SET default_transaction_read_only = off"
        );

    public static Problem Newer(PostgresAddress address, int version, int known) =>
        new(
            "store.newer",
            What: $"The tables of {address} were made by a newer Fairlead.",
            Why: $"They have schema version {version}; this Fairlead knows versions up to {known}.",
            Fix: "Start the newer Fairlead again, or restore the backup taken before its upgrade."
        );

    public static Problem OutcomeUnknown(PostgresAddress address, string why) =>
        new(
            "store.outcome-unknown",
            What: "It is not known whether the last change was written.",
            Why: $"The connection to {address} broke while it was, and could not be made again: {why}",
            Fix: "Look before you ask again: fairlead status"
        )
        {
            Trouble = Trouble.Unreachable,
        };

    private static Problem? Said(PostgresException said, PostgresAddress address) =>
        said.SqlState switch
        {
            "28000" or "28P01" => Refused(address, said.MessageText),
            "3D000" => new(
                "store.no-database",
                What: $"The database of {address} does not exist.",
                Why: said.MessageText,
                Fix: "Make it, as its superuser: createdb --owner fairlead --encoding UTF8 --template template0 fairlead"
            ),
            "42501" => new(
                "store.not-allowed",
                What: $"Fairlead may not do its work in {address}.",
                Why: said.MessageText,
                Fix: "Let its user own the database: ALTER DATABASE … OWNER TO …; or the schema: CREATE SCHEMA fairlead AUTHORIZATION …"
            )
            {
                Trouble = Trouble.NotAllowed,
            },
            "25006" => ReadOnly(address, said.MessageText.Contains("recovery", StringComparison.Ordinal)),
            "53100" => new(
                "store.disk-full",
                What: $"Nothing could be written to {address}; nothing was changed.",
                Why: $"Its disk is full: {said.MessageText}",
                Fix: "Free space on the disk of the PostgreSQL, then ask again."
            ),
            "55P03" or "57014" => new(
                "store.busy",
                What: $"{address} is held by another program; nothing was changed.",
                Why: said.MessageText,
                Fix: "See who holds it: SELECT * FROM pg_stat_activity WHERE state <> 'idle'"
            )
            {
                Trouble = Trouble.Conflict,
            },
            var other when other[..2] is "08" or "57" or "53" or "58" or "40" => Unreachable(address, said.MessageText),
            "XX001" or "XX002" => new(
                "store.corrupt",
                What: $"{address} is damaged.",
                Why: said.MessageText,
                Fix: "Stop Fairlead, and restore the newest backup of this database."
            ),
            _ => null,
        };

    private static bool IsNoPassword(NpgsqlException caught) =>
        caught is not PostgresException && caught.Message.Contains("password", StringComparison.OrdinalIgnoreCase);

    private static Problem Refused(PostgresAddress address, string why) =>
        new(
            "store.refused",
            What: $"The PostgreSQL at {address} does not let Fairlead in.",
            Why: why,
            Fix: "Check user and password in the address or file that --store names, and its pg_hba.conf."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem Unreachable(PostgresAddress address, string why) =>
        new(
            "store.unreachable",
            What: $"The PostgreSQL at {address} does not answer.",
            Why: why,
            Fix: $"Look whether it runs: pg_isready -d 'postgres://{address}'"
        )
        {
            Trouble = Trouble.Unreachable,
        };
}
