using Fairlead.Engine.Data.Linting;
using Fairlead.Engine.Data.Sql;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of what is written for databases.</summary>
internal static partial class OutsideReaders
{
    private static IEnumerable<OutsideReader> Data()
    {
        foreach (var dialect in Enum.GetValues<SqlDialect>())
        {
            yield return OutsideReader
                .OfText(
                    $"a migration in SQL for {dialect}",
                    sql => new MigrationLint(dialect).Look(SqlReader.Read(sql), isContract: false),
                    "-- fairlead: allow column-dropped because x\nALTER TABLE \"a\".b ADD COLUMN c varchar(10) NOT NULL DEFAULT E'\\'', DROP d CASCADE;",
                    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END; /* a /* b */ */",
                    "CREATE TABLE a (id serial PRIMARY KEY, n numeric(10,2)); DO $x$ BEGIN END $x$; ALTER TABLE a ALTER n TYPE numeric(8,2);",
                    "ALTER TABLE `a` CHANGE b c int, ADD INDEX d (e), RENAME TO f; # end"
                )
                .Refuses<FormatException>();
        }
    }
}
