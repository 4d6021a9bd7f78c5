using System.IO.Compression;
using Fairlead.Drivers.Scanners.Advisories;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Problems;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Tests.Drivers.Scanners;

/// <summary>A copy of the OSV database: whole, dated, and never older than the one before.</summary>
public sealed class OsvDirectoryTests : IDisposable
{
    private const string Lodash = """
        { "id": "GHSA-35jh-r3h4-6jhm", "summary": "Command injection in lodash", "aliases": ["CVE-2021-23337"], "published": "2021-05-06T16:05:51Z",
          "database_specific": { "severity": "HIGH" },
          "severity": [ { "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H" } ],
          "affected": [ { "package": { "ecosystem": "npm", "name": "lodash" }, "ranges": [ { "type": "SEMVER", "events": [ { "introduced": "0" }, { "fixed": "4.17.21" } ] } ] } ] }
        """;

    private const string Django = """
        { "id": "PYSEC-1", "details": "no summary", "severity": [ { "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } ],
          "affected": [ { "package": { "ecosystem": "PyPI", "name": "Django" }, "ranges": [ { "type": "GIT", "events": [] }, { "type": "ECOSYSTEM", "events": [ { "introduced": "3.0" }, { "fixed": "3.2.1" }, { "introduced": "4.0" } ] } ], "versions": ["3.0.1"] } ] }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-osv-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private OsvDirectory Advisories => new(Path.Combine(folder, "state"), Matching.NameOf, CvssScore.TryRate);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_known_before_the_first_copy()
    {
        Assert.Null((await Advisories.StatusAsync(Stop)).Date);
        Assert.Empty(await About(Ecosystem.Npm, "lodash"));
    }

    [Fact]
    public async Task A_folder_is_taken_and_found_again_by_name()
    {
        var status = await Advisories.ImportAsync(Copy("osv-2026-11-20"), null, Stop);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero), status.Date);
        Assert.Equal((1, 1), (status.Counts[Ecosystem.Npm], status.Counts[Ecosystem.PyPI]));
        var lodash = Assert.Single(await About(Ecosystem.Npm, "lodash"));
        Assert.Equal(("GHSA-35jh-r3h4-6jhm", Severity.High, true), (lodash.Id, lodash.Severity, lodash.IsRated));
        var django = Assert.Single(await About(Ecosystem.PyPI, "django"));
        Assert.Equal(Severity.Critical, django.Severity);
        Assert.Equal([new("3.0", "3.2.1", null), new("4.0", null, null)], django.Affected[0].Ranges);
    }

    [Fact]
    public async Task A_zip_is_taken_with_the_date_that_is_in_it()
    {
        var zip = Path.Combine(folder, "all.zip");
        using (var file = ZipFile.Open(zip, ZipArchiveMode.Create))
        {
            Put(file, "../../evil.json", Lodash);
            Put(file, "advisories.json", """{ "date": "2026-11-21T10:00:00Z" }""");
        }
        var status = await Advisories.ImportAsync(zip, null, Stop);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero), status.Date);
        Assert.Single(await About(Ecosystem.Npm, "lodash"));
        Assert.False(File.Exists(Path.Combine(folder, "evil.json")));
    }

    [Theory]
    [InlineData("undated", null, "advisory.no-date")]
    [InlineData("missing", "2026-11-20", "advisory.missing")]
    [InlineData("empty", "2026-11-20", "advisory.empty")]
    [InlineData("broken.zip", "2026-11-20", "advisory.unreadable")]
    public async Task What_cannot_be_taken_is_said_and_changes_nothing(string name, string? date, string code)
    {
        await Advisories.ImportAsync(Copy("osv-2026-11-19"), null, Stop);
        if (name == "undated")
        {
            Copy(name);
        }
        Directory.CreateDirectory(Path.Combine(folder, "empty"));
        File.WriteAllText(Path.Combine(folder, "broken.zip"), "PK no");
        DateTimeOffset? given = date is null ? null : new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            Advisories.ImportAsync(Path.Combine(folder, name), given, Stop)
        );
        Assert.Equal(code, caught.Problem.Code);
        Assert.Single(await About(Ecosystem.Npm, "lodash"));
    }

    [Fact]
    public async Task An_older_copy_takes_no_newer_ones_place()
    {
        await Advisories.ImportAsync(Copy("osv-2026-11-20"), null, Stop);
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            Advisories.ImportAsync(Copy("osv-2026-11-19"), null, Stop)
        );
        Assert.Equal("advisory.older", caught.Problem.Code);
    }

    [Fact]
    public async Task Records_that_cannot_be_read_are_said_for_ever_after()
    {
        var copy = Copy("osv-2026-11-20");
        File.WriteAllText(Path.Combine(copy, "half.json"), "{ \"id\": ");
        await Advisories.ImportAsync(copy, null, Stop);
        Assert.StartsWith(
            "half.json is no record of OSV",
            Assert.Single((await Advisories.StatusAsync(Stop)).Unread),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_was_withdrawn_is_no_advisory()
    {
        var copy = Copy("osv-2026-11-20");
        File.WriteAllText(
            Path.Combine(copy, "a.json"),
            Lodash.Replace(
                "\"summary\"",
                "\"withdrawn\": \"2026-01-01T00:00:00Z\", \"summary\"",
                StringComparison.Ordinal
            )
        );
        await Advisories.ImportAsync(copy, null, Stop);
        Assert.Empty(await About(Ecosystem.Npm, "lodash"));
    }

    private Task<IReadOnlyList<Advisory>> About(Ecosystem ecosystem, string name) =>
        Advisories.AboutAsync(new HashSet<(Ecosystem, string)> { (ecosystem, name) }, Stop);

    private string Copy(string name)
    {
        var copy = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(Path.Combine(copy, "a.json"), Lodash);
        File.WriteAllText(Path.Combine(copy, "b.json"), Django);
        return copy;
    }

    private static void Put(ZipArchive zip, string name, string text)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(text);
    }
}
