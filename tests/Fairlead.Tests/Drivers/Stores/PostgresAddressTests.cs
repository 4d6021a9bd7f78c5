using CsCheck;
using Fairlead.Drivers.Stores;
using Fairlead.Model.Problems;
using Npgsql;

namespace Fairlead.Tests.Drivers.Stores;

public sealed class PostgresAddressTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("postgres://db", "db 5432 fairlead - fairlead Prefer Prefer -")]
    [InlineData("postgresql://ann:s%40c%2Fret@db:6432/state", "db 6432 ann s@c/ret state Prefer Prefer -")]
    [InlineData(
        "postgres://ann@db.example.com/state?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        "db.example.com 5432 ann - state VerifyFull Prefer /etc/ca.pem"
    )]
    [InlineData("postgres://db/x?sslmode=require&channel_binding=require", "db 5432 fairlead - x Require Require -")]
    [InlineData("postgres:///x?host=/var/run/postgresql", "/var/run/postgresql 5432 fairlead - x Prefer Prefer -")]
    [InlineData("postgres://[::1]:5433/x", "::1 5433 fairlead - x Prefer Prefer -")]
    public void An_address_says_where_and_as_whom(string said, string expected)
    {
        var settings = new PostgresAddress(said).Settings();
        Assert.Equal(
            expected,
            $"{settings.Host!.Trim('[', ']')} {settings.Port} {settings.Username} {settings.Password ?? "-"} {settings.Database} {settings.SslMode} {settings.ChannelBinding} {settings.RootCertificate ?? "-"}"
        );
    }

    [Theory]
    [InlineData("postgres://fairlead:s3cret#1@db/fairlead", "%23")]
    [InlineData("postgres://fairlead:s3cret@db:port/fairlead", "no URL")]
    [InlineData("postgres://fairlead:s3cret@db/fairlead?sslmode=always", "sslmode=always")]
    [InlineData("postgres://fairlead:s3cret@db/fairlead?sslmode=3", "sslmode=3")]
    [InlineData("postgres://fairlead:s3cret@db/fairlead?password=x", "none of sslmode")]
    [InlineData("postgres://fairlead:s3cret@db/fairlead?target_session_attrs=read-write", "none of sslmode")]
    [InlineData("postgress://fairlead:s3cret@db/fairlead", "does not begin with postgres://")]
    [InlineData("postgres:/fairlead:s3cret@db/fairlead", "does not begin with postgres://")]
    [InlineData("fairlead:s3cret@db/fairlead", "does not begin with postgres://")]
    [InlineData("/no/such/file", "/no/such/file")]
    public void What_is_no_address_is_said_without_what_is_secret_in_it(string said, string why)
    {
        var problem = Assert.Throws<ProblemException>(() => new PostgresAddress(said).Settings()).Problem;
        Assert.Equal(("store.address", Trouble.WrongUse), (problem.Code, problem.Trouble));
        Assert.Contains(why, problem.Why);
        Assert.DoesNotContain("s3cret", $"{problem}");
        Assert.DoesNotContain("s3cret", $"{new PostgresAddress(said)}");
    }

    [Fact]
    public async Task A_file_is_read_again_each_time_and_its_problems_are_said()
    {
        using var folder = new Folder();
        var address = new PostgresAddress(folder.Write("url", "postgres://fairlead:first@db/fairlead\n"));
        Assert.Equal("first", address.Settings().Password);
        await File.WriteAllTextAsync(folder["url"], "  postgres://fairlead:second@db/fairlead", Stop);
        Assert.Equal(("second", "db:5432/fairlead"), (address.Settings().Password, $"{address}"));
        await File.WriteAllTextAsync(folder["url"], "mysql://fairlead:s3cret@db", Stop);
        var problem = Assert.Throws<ProblemException>(() => address.Settings()).Problem;
        Assert.Contains("does not begin with postgres://", problem.Why);
        Assert.DoesNotContain("s3cret", $"{problem}");
    }

    [Fact]
    public void Whatever_is_said_is_an_address_or_a_problem() =>
        Gen
            .String.Select(
                Gen.OneOf("", "postgres://", "postgres://a:s3cretx@", "postgres://a:s3cretx@db/x?"),
                (text, head) => head + text
            )
            .Sample(said =>
            {
                try
                {
                    _ = new PostgresAddress(said).Settings();
                    Assert.DoesNotContain("s3cretx", $"{new PostgresAddress(said)}");
                }
                catch (ProblemException caught)
                {
                    Assert.DoesNotContain("s3cretx", $"{caught.Problem}");
                }
            });

    [Theory]
    [InlineData("28P01", "store.refused", false)]
    [InlineData("28000", "store.refused", false)]
    [InlineData("3D000", "store.no-database", false)]
    [InlineData("42501", "store.not-allowed", false)]
    [InlineData("25006", "store.read-only", false)]
    [InlineData("53100", "store.disk-full", false)]
    [InlineData("55P03", "store.busy", false)]
    [InlineData("57014", "store.busy", false)]
    [InlineData("57P01", "store.unreachable", true)]
    [InlineData("57P03", "store.unreachable", true)]
    [InlineData("53300", "store.unreachable", true)]
    [InlineData("40001", "store.unreachable", true)]
    [InlineData("XX001", "store.corrupt", false)]
    [InlineData("42P01", null, false)]
    [InlineData("23505", null, false)]
    public void Each_refusal_is_said_in_words_and_only_what_passes_is_tried_again(
        string state,
        string? code,
        bool isPassing
    )
    {
        var caught = new PostgresException("no", "FATAL", "FATAL", state);
        var address = new PostgresAddress("postgres://fairlead:s3cret@db/fairlead");
        Assert.Equal(
            (code, isPassing),
            (PostgresProblems.Of(caught, address)?.Code, PostgresProblems.IsPassing(caught))
        );
    }
}
