using Fairlead.Engine.Data.Migrations;
using Fairlead.Model.Problems;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Data;

public sealed class MigrationFolderTests
{
    [Fact]
    public void Files_run_in_the_order_of_their_numbers_and_none_that_leads_back()
    {
        var tree = new MemoryTree(
            new Dictionary<string, string>
            {
                ["db/migrations/10_ten.sql"] = "",
                ["db/migrations/9_nine.sql"] = "",
                ["db/migrations/9_nine.down.sql"] = "",
                ["db/migrations/0011_eleven.contract.sql"] = "",
                ["db/migrations/README.md"] = "",
                ["db/migrations/20260101000000_first/migration.sql"] = "",
            }
        );

        Assert.Equal("db/migrations", MigrationFolder.Find(tree));
        Assert.Equal(
            ["9_nine.sql", "10_ten.sql", "0011_eleven.contract.sql", "20260101000000_first/migration.sql"],
            MigrationFolder.Read(tree, "db/migrations").Select(static one => one.Name)
        );
    }

    [Fact]
    public void Two_of_one_number_are_refused()
    {
        var tree = new MemoryTree(new Dictionary<string, string> { ["m/1_a.sql"] = "", ["m/01_b.sql"] = "" });

        Assert.Equal(
            "migration.same-number",
            Assert.Throws<ProblemException>(() => MigrationFolder.Read(tree, "m")).Problem.Code
        );
    }

    [Fact]
    public void A_digest_does_not_depend_on_how_lines_end() =>
        Assert.Equal(new MigrationFile("a", "x;\r\ny;").Digest, new MigrationFile("b", "x;\ny;").Digest);
}
