using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Npgsql;

namespace Fairlead.Drivers.Data;

/// <summary>What stands in the way of a migration, in words.</summary>
internal static class MigrationProblems
{
    public static Problem Of(NpgsqlException caught, string name, int line, MigrationLimits limits) =>
        caught switch
        {
            PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => new(
                "migration.no-lock",
                What: $"The migration {name} did not get its lock.",
                Why: string.Create(
                    CultureInfo.InvariantCulture,
                    $"Somebody held it longer than {limits.Lock.TotalSeconds:0.#} s, {limits.LockRetries + 1} times. It waited no longer, because everybody waits behind it."
                ),
                Fix: "See who holds it: select pid, state, query from pg_stat_activity where xact_start < now() - interval '5 s'. Then deploy again."
            )
            {
                Where = Place(name, line),
                Trouble = Trouble.TimedOut,
            },
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => new(
                "migration.too-long",
                What: $"A statement of the migration {name} took too long.",
                Why: string.Create(
                    CultureInfo.InvariantCulture,
                    $"It was ended after {limits.Statement.TotalSeconds:0.#} s, and undone."
                ),
                Fix: "Do it in batches (-- fairlead: batch), or give it more time: migrations: { statementTimeout: 30m }"
            )
            {
                Where = Place(name, line),
                Trouble = Trouble.TimedOut,
            },
            PostgresException refused => new(
                "migration.failed",
                What: $"The migration {name} failed, and was undone.",
                Why: $"PostgreSQL says: {refused.MessageText} ({refused.SqlState}){(refused.Detail is { Length: > 0 } detail ? $" {detail}" : "")}",
                Fix: "Mend the statement and run it again; files before it are done and stay done."
            )
            {
                Where = Place(name, line),
            },
            _ => new(
                "migration.connection-lost",
                What: $"The connection was lost in the migration {name}.",
                Why: $"{caught.GetBaseException().Message} What runs in a transaction was undone by the server.",
                Fix: "See that the database is up, then run it again: what is done is not done twice."
            )
            {
                Where = Place(name, line),
                Trouble = Trouble.Unreachable,
            },
        };

    public static Problem Unreachable(Uri address, NpgsqlException caught) =>
        new(
            "migration.unreachable",
            What: $"The database at {address.Host}:{(address.Port > 0 ? address.Port : 5432)} cannot be migrated.",
            Why: caught.GetBaseException().Message,
            Fix: "See that it is up and that the address, the user and the password in the secret are right."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    // The address itself may be a password that somebody put in the wrong place: it is not shown.
    public static Problem WrongAddress() =>
        new(
            "migration.wrong-address",
            What: "The database's address cannot be used.",
            Why: "Fairlead's own runner takes addresses such as postgres://user:password@host:5432/database.",
            Fix: "Set the secret anew, or say the tool that runs the migrations: migrations: { tool: flyway }"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem Busy(MigrationLimits limits) =>
        new(
            "migration.busy",
            What: "Somebody else migrates the same database.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"It had not ended after {limits.Queue.TotalSeconds:0} s."
            ),
            Fix: "See it: select * from pg_stat_activity where application_name = 'fairlead-migration'. Then try again."
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static string Place(string name, int line) => string.Create(CultureInfo.InvariantCulture, $"{name}:{line}");
}
