using Fairlead.Engine.Deploying;
using Fairlead.Model.Data;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Data;

/// <summary>Which steps a deployment takes with databases.</summary>
public sealed class MigratingTests
{
    [Fact]
    public void A_first_release_runs_all_also_what_takes_away() =>
        Assert.Equal(["migrate db: 1.sql, 2.contract.sql"], Steps(live: null, ["1.sql", "2.contract.sql"]));

    [Fact]
    public void A_contract_waits_until_the_live_release_knows_it()
    {
        Assert.Equal(["migrate db: 2.sql"], Steps(["1.sql"], ["1.sql", "2.sql", "3.contract.sql"]));
        Assert.Equal(
            ["save db", "migrate db: 3.contract.sql"],
            Steps(["1.sql", "2.sql", "3.contract.sql"], ["1.sql", "2.sql", "3.contract.sql"], backup: true)
        );
        Assert.Equal(
            ["migrate db: 4.sql", "save db", "migrate db: 3.contract.sql"],
            Steps(["1.sql", "3.contract.sql"], ["1.sql", "3.contract.sql", "4.sql"], backup: true)
        );
    }

    [Fact]
    public void What_is_rehearsed_is_rehearsed_before_anything_is_touched_once_there_are_backups()
    {
        Assert.Equal(
            ["rehearse db", "migrate db: 4.sql", "save db", "migrate db: 3.contract.sql"],
            Steps(["1.sql", "3.contract.sql"], ["1.sql", "3.contract.sql", "4.sql"], backup: true, isRehearsed: true)
        );
        Assert.Equal(["migrate db: 1.sql"], Steps(live: null, ["1.sql"], backup: true, isRehearsed: true));
        Assert.Empty(Steps(["1.sql"], ["1.sql"], backup: true, isRehearsed: true));
    }

    [Fact]
    public void Snapshots_come_before_anything_is_changed_one_for_each_place_of_which_something_is()
    {
        Database At(string name, string place, params string[] files) =>
            Db(files, backup: true, isRehearsed: true) with
            {
                Name = name,
                Rds = new() { Name = place },
            };
        Release live = With([At("a", "one", "1.sql"), At("b", "one", "1.sql"), At("c", "two"), At("d", "three")]);

        Assert.Equal(
            ["rehearse a", "rehearse c", "snapshot a", "snapshot c", "migrate a: 2.sql", "migrate c: 1.sql"],
            Migrating
                .Steps(
                    live,
                    With([
                        At("a", "one", "1.sql", "2.sql"),
                        At("b", "one", "1.sql"),
                        At("c", "two", "1.sql"),
                        At("d", "three"),
                    ]),
                    []
                )
                .Select(static one => one.ToString())
        );
        Assert.Empty(Migrating.Steps(live, live, []));
        Assert.Equal(
            ["snapshot a", "migrate a: 1.sql"],
            Migrating.Steps(null, With([At("a", "one", "1.sql")]), []).Select(static one => one.ToString())
        );
    }

    [Fact]
    public void What_was_done_is_not_planned_again() =>
        Assert.Empty(
            Steps(["1.sql", "2.contract.sql"], ["1.sql", "2.contract.sql"], contracted: ["db/2.contract.sql"])
        );

    [Fact]
    public void What_takes_something_away_is_remembered_before_it_begins_and_when_it_is_done()
    {
        var record = new SiteRecord(new("shop", "production"))
        {
            Contracting = ["db/0.contract.sql"],
            Contracted = ["db/0.contract.sql"],
        };
        var step = new Step.Migrate("db", "sql", [], ["2.contract.sql"], default);

        var begun = Migrating.After(record, done: null, step);
        Assert.Equal(["db/0.contract.sql", "db/2.contract.sql"], begun.Contracting);
        Assert.Equal(["db/0.contract.sql"], begun.Contracted);
        Assert.Equal(
            ["db/0.contract.sql", "db/2.contract.sql"],
            Migrating.After(begun, step, new Step.Promote(2)).Contracted
        );
        Assert.Same(record, Migrating.After(record, new Step.Save("db"), new Step.Promote(2)));
    }

    [Fact]
    public void Another_tool_runs_when_its_folder_has_changed()
    {
        Release Of(string digest) =>
            With([
                new()
                {
                    Name = "db",
                    Kind = DatabaseKind.Postgres,
                    Migrations = new()
                    {
                        Tool = "flyway",
                        Folder = "sql",
                        Digest = digest,
                    },
                },
            ]);

        Assert.Equal(
            ["migrate db by flyway"],
            Migrating.Steps(Of("a"), Of("b"), []).Select(static one => one.ToString())
        );
        Assert.Empty(Migrating.Steps(Of("a"), Of("a"), []));
    }

    private static IEnumerable<string> Steps(
        string[]? live,
        string[] next,
        bool backup = false,
        string[]? contracted = null,
        bool isRehearsed = false
    ) =>
        Migrating
            .Steps(
                live is null ? null : With([Db(live, backup, isRehearsed)]),
                With([Db(next, backup, isRehearsed)]),
                contracted ?? []
            )
            .Select(static one => one.ToString());

    private static Database Db(string[] files, bool backup, bool isRehearsed) =>
        new()
        {
            Name = "db",
            Kind = DatabaseKind.Postgres,
            Backup = backup ? new() : null,
            Migrations = new()
            {
                Tool = "sql",
                Folder = "m",
                IsRehearsed = isRehearsed,
                Files =
                [
                    .. files.Select(static one => new MigrationMark(
                        one,
                        "d",
                        one.Contains("contract", StringComparison.Ordinal)
                    )),
                ],
            },
        };

    private static Release With(IReadOnlyList<Database> databases) =>
        new()
        {
            Site = new("shop", "production"),
            Number = 1,
            Services = [],
            Hosts = [],
            Source = "",
            At = default,
            Databases = databases,
        };
}
