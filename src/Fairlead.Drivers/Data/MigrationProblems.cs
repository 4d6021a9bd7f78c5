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

    /// <param name="see">How to see who holds it.</param>
    public static Problem NoLock((string Name, int Line) place, MigrationLimits limits, string see) =>
        new(
            "migration.no-lock",
            What: $"The migration {place.Name} did not get its lock.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"Somebody held it longer than {limits.Lock.TotalSeconds:0.#} s, {limits.LockRetries + 1} times."
            ),
            Fix: $"See who holds it: {see}. Then deploy again."
        )
        {
            Where = Place(place.Name, place.Line),
            Trouble = Trouble.TimedOut,
        };

    public static Problem TooLong((string Name, int Line) place, MigrationLimits limits) =>
        new(
            "migration.too-long",
            What: $"A statement of the migration {place.Name} was ended.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"It took longer than {limits.Statement.TotalSeconds:0.#} s."
            ),
            Fix: "Do it in batches (-- fairlead: batch), or give it more time: migrations: { statementTimeout: 30m }"
        )
        {
            Where = Place(place.Name, place.Line),
            Trouble = Trouble.TimedOut,
        };

    public static Problem Failed((string Name, int Line) place, string why, bool wasUndone) =>
        new(
            "migration.failed",
            What: $"The migration {place.Name} failed{(wasUndone ? ", and nothing of it is there" : "")}.",
            Why: why,
            Fix: "Mend the statement and run it again; files before it are done and stay done."
        )
        {
            Where = Place(place.Name, place.Line),
        };

    public static Problem Lost((string Name, int Line) place, Exception caught) =>
        new(
            "migration.connection-lost",
            What: $"The connection was lost in the migration {place.Name}.",
            Why: caught.GetBaseException().Message,
            Fix: "See that the database is up, then run it again: it says whether the file is done by half."
        )
        {
            Where = Place(place.Name, place.Line),
            Trouble = Trouble.Unreachable,
        };

    /// <summary>A file is done by half: nobody but a person can say what is missing.</summary>
    /// <param name="done">Statements that are known to be done.</param>
    public static Problem Dirty(MigrationOrder order, int done) =>
        new(
            "migration.dirty",
            What: $"The migration {order.Name} is done by half.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"{done} of its {order.Statements.Count} statements are done and cannot be taken back; {(done < order.Statements.Count ? $"that in line {order.Statements[done].Line} is not, or was cut off" : "its end was cut off")}."
            ),
            Fix: $"Finish it by hand and say so (update fairlead_migrations set whole = 1 where name = '{order.Name}'), or undo it by hand and let it run again (delete from fairlead_migrations where name = '{order.Name}'). One statement in each file never stands half done."
        )
        {
            Where = Place(order.Name, done < order.Statements.Count ? order.Statements[done].Line : 1),
            Trouble = Trouble.Conflict,
        };

    public static Problem NoFolder(string path) =>
        new(
            "migration.no-folder",
            What: $"The database {path} cannot be migrated.",
            Why: "Its folder does not exist.",
            Fix: $"mkdir -p {System.IO.Path.GetDirectoryName(path)}, as the user that the app runs as."
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem NoFile(string path, string why) =>
        new(
            "migration.unreachable",
            What: $"The database {path} cannot be migrated.",
            Why: why,
            Fix: "See that it is a file of SQLite that this user may write, and that nobody holds it locked."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem Unreachable(Uri address, int usual, Exception caught) =>
        new(
            "migration.unreachable",
            What: $"The database at {address.Host}:{(address.Port > 0 ? address.Port : usual)} cannot be migrated.",
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
            Why: "Fairlead's own runner takes addresses such as postgres://user:password@host:5432/database, mysql://user:password@host:3306/database, and the path of a file of SQLite.",
            Fix: "Set the secret anew, or say the tool that runs the migrations: migrations: { tool: flyway }"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    /// <param name="see">How to see who does.</param>
    public static Problem Busy(MigrationLimits limits, string see) =>
        new(
            "migration.busy",
            What: "Somebody else migrates the same database.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"It had not ended after {limits.Queue.TotalSeconds:0} s."
            ),
            Fix: $"See it: {see}. Then try again."
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static string Place(string name, int line) => string.Create(CultureInfo.InvariantCulture, $"{name}:{line}");
}
