using System.Text;
using CsCheck;
using Fairlead.Drivers.Scanners.Advisories;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Engine.Guarding.Scanning.Secrets;
using Fairlead.Model.Ports;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Guarding.Scanning;

/// <summary>Whatever others wrote is read to its end or refused; nothing breaks and nothing hangs.</summary>
public sealed class HostileInputTests
{
    private const string Record = """
        {
          "id": "GHSA-35jh-r3h4-6jhm", "aliases": ["CVE-2021-23337"], "summary": "Command injection", "published": "2021-05-06T16:05:51Z",
          "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H" }],
          "affected": [
            { "package": { "ecosystem": "npm", "name": "lodash" },
              "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "4.17.21" }] }], "versions": ["4.17.20"] },
            { "package": { "ecosystem": "Debian:12", "name": "node-lodash" },
              "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "last_affected": "4.17.20" }] }] }
          ],
          "database_specific": { "severity": "HIGH", "cwe_ids": ["CWE-506"] }
        }
        """;

    private static readonly Gen<(int Way, int At, byte Value, int Length)> Change = Gen.Select(
        Gen.Int[0, 4],
        Gen.Int[0, 10_000],
        Gen.Byte,
        Gen.Int[0, 60]
    );

    [Fact]
    public void A_record_of_osv_is_read_or_refused()
    {
        var reader = new OsvReader(CvssScore.TryRate);
        Assert.NotNull(reader.Read(Encoding.UTF8.GetBytes(Record)));
        Change.Sample(
            change =>
            {
                try
                {
                    _ = reader.Read(Changed(Record, change));
                }
                catch (FormatException)
                {
                    // Refused, in the one way that its caller knows.
                }
            },
            iter: 20_000
        );
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":7}""")]
    [InlineData("""{"id":"A","aliases":[1],"affected":[{"package":{"ecosystem":"npm","name":"a"}}]}""")]
    [InlineData("""{"id":"A","affected":[3]}""")]
    [InlineData(
        """{"id":"A","database_specific":[],"affected":[{"package":{"ecosystem":"npm","name":"a"},"versions":[{}]}]}"""
    )]
    public void Other_json_is_no_record(string json) =>
        Assert.Throws<FormatException>(() => new OsvReader(CvssScore.TryRate).Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_cvss_vector_is_rated_or_not() =>
        Gen.String[Gen.Char["CVSS:3.1/ANLPUIRHSX4.0 "], 0, 60]
            .Sample(static text => _ = CvssScore.TryRate("CVSS:3.1/" + text), iter: 20_000);

    [Fact]
    public void An_expression_of_licences_is_judged_whatever_it_is() =>
        Gen.String[Gen.Char["()ANDORWITHMIT GPL-3.0+"], 0, 120]
            .Sample(
                static text =>
                {
                    _ = LicenceScan.Allows(text, new() { LicencesDenied = ["GPL-*"] });
                },
                iter: 20_000
            );

    [Fact]
    public void An_expression_of_many_brackets_ends() =>
        Assert.False(LicenceScan.Allows(new string('(', 400), new() { LicencesAllowed = ["MIT"] }));

    [Fact]
    public void Lists_of_artifacts_are_compared_whatever_they_are()
    {
        var text = Gen.String[Gen.Char["fxdl 0a/\n\\"], 0, 80];
        Gen.Select(text, text)
            .Sample(
                (was, now) =>
                {
                    var difference = ArtifactList.Compare(was, now);
                    Assert.Empty(ArtifactList.Compare(was, was).Changed);
                    Assert.True(difference.Added.Count <= now.Split('\n').Length);
                },
                iter: 20_000
            );
    }

    [Fact]
    public async Task Half_an_inventory_says_nothing()
    {
        var stop = TestContext.Current.CancellationToken;
        var whole =
            """{"components":[{"ecosystem":"npm","name":"a","version":"1.0.0","licences":["MIT"]}],"unread":[]}""";
        Assert.NotNull(await BuildPapers.InventoryAsync(new Papers(whole), "a", stop));
        Change.Sample(
            change =>
                _ = BuildPapers
                    .InventoryAsync(new Papers(Encoding.UTF8.GetString(Changed(whole, change))), "a", stop)
                    .GetAwaiter()
                    .GetResult(),
            iter: 5_000
        );
    }

    [Fact]
    public void What_a_system_says_of_itself_cannot_hurt() =>
        Gen.String[Gen.Char["ID=debian\"'VERSION_12\n\r\0"], 0, 80]
            .Sample(
                static text =>
                    _ = DebianReleases.Place(
                        new MemoryTree(new Dictionary<string, string> { ["etc/os-release"] = text }),
                        new(
                            [new(Model.Security.Scanning.Ecosystem.Debian, "a", "1") { File = "var/lib/dpkg/status" }],
                            []
                        )
                    ),
                iter: 5_000
            );

    [Fact]
    public void A_megabyte_of_anything_is_searched_for_secrets()
    {
        foreach (var piece in (string[])["password=", "eyJ", "AKIA", "-----BEGIN ", "a:b@c//", "\"", "://x:"])
        {
            _ = SecretSearch.Find("a.txt", string.Concat(Enumerable.Repeat(piece, (1 << 20) / piece.Length))).ToList();
        }
    }

    private static byte[] Changed(string text, (int Way, int At, byte Value, int Length) change)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        var at = change.At % bytes.Count;
        var length = Math.Min(change.Length, bytes.Count - at);
        switch (change.Way)
        {
            case 0:
                bytes[at] = change.Value;
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 3:
                bytes.InsertRange(at, Enumerable.Repeat(change.Value, length));
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
        return [.. bytes];
    }

    private sealed class Papers(string text) : IArtifactPapers
    {
        public Task<string?> ReadAsync(string artifact, string name, CancellationToken stop) =>
            Task.FromResult<string?>(text);

        public Task<string?> ListAsync(string artifact, CancellationToken stop) => Task.FromResult<string?>(null);
    }
}
