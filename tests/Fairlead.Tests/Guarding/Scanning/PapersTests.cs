using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Drivers.State;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Tests.Guarding.Scanning;

/// <summary>What is written down of an artifact, and that nobody can change it unseen.</summary>
public sealed class PapersTests : IDisposable
{
    private static readonly string Artifact = new('a', 64);
    private static readonly string List =
        $"d {new string('0', 64)} bin\nx {new string('1', 64)} bin/api\nf {new string('2', 64)} read me.txt\n";
    private static readonly string Digest = ArtifactList.DigestOf(List);
    private static readonly DateTimeOffset At = new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-papers-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private SigningKey Key => new(Path.Combine(folder, "key.pem"));

    [Fact]
    public void What_was_signed_is_proven_also_after_a_restart() =>
        Assert.Null(Provenance.Check(new(Provenance.Sign(Built, Digest, Key), List), Artifact, List, Key).Problem);

    [Fact]
    public void The_key_is_its_owners_alone()
    {
        _ = Key.PublicPem;
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(folder, "key.pem"))
        );
    }

    [Fact]
    public void A_broken_key_is_said_and_never_made_anew()
    {
        File.WriteAllText(Path.Combine(folder, "key.pem"), "not a key");
        Assert.Equal("signing.no-key", Assert.Throws<ProblemException>(() => Key.KeyId).Problem.Code);
        Assert.Equal("not a key", File.ReadAllText(Path.Combine(folder, "key.pem")));
    }

    [Fact]
    public void Missing_foreign_changed_and_moved_papers_prove_nothing()
    {
        var envelope = Provenance.Sign(Built, Digest, Key);
        var other = new SigningKey(Path.Combine(folder, "other.pem"));
        string? Code(string? signed, string? list, string artifact, string? now, SigningKey key) =>
            Provenance.Check(new(signed, list), artifact, now, key).Problem?.Code;
        Assert.Equal(
            [
                "provenance.missing",
                "provenance.missing",
                "provenance.forged",
                "provenance.forged",
                "provenance.forged",
                "provenance.changed",
                "provenance.changed",
            ],
            new[]
            {
                Code(null, List, Artifact, List, Key),
                Code(envelope, null, Artifact, List, Key),
                Code(envelope, List, Artifact, List, other),
                Code(envelope, List, new string('d', 64), List, Key),
                Code(envelope, List.Replace('1', '3'), Artifact, List.Replace('1', '3'), Key),
                Code(envelope, List, Artifact, List.Replace('1', '3'), Key),
                Code(envelope, List, Artifact, null, Key),
            }
        );
    }

    [Fact]
    public void What_changed_is_named_and_what_a_program_added_is_no_change()
    {
        var envelope = Provenance.Sign(Built, Digest, Key);
        var added = List + $"f {new string('9', 64)} bin/cache.db\n";
        var proof = Provenance.Check(new(envelope, List), Artifact, added, Key);
        Assert.Equal((null, "bin/cache.db"), (proof.Problem, Assert.Single(proof.Added)));

        // The right to be executed, a missing file.
        var changed = Provenance.Check(new(envelope, List), Artifact, List.Replace("f 2", "x 2"), Key);
        Assert.Equal("read me.txt is not what was built.", changed.Problem!.Why);
        var missing = Provenance.Check(new(envelope, List), Artifact, List[..List.IndexOf('x')], Key);
        Assert.Equal("bin/api and 1 more are not what was built.", missing.Problem!.Why);
    }

    [Fact]
    public void The_list_of_an_artifact_tells_links_programs_and_odd_names_apart()
    {
        Directory.CreateDirectory(Path.Combine(folder, "made/sub"));
        File.WriteAllText(Path.Combine(folder, "made/a\nb\\c"), "abc");
        File.WriteAllText(Path.Combine(folder, "made/sub/run"), "");
        File.SetUnixFileMode(Path.Combine(folder, "made/sub/run"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Path.Combine(folder, "made/to"), "/etc/passwd");
        const string Empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        Assert.Equal(
            $"""
            f ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad a\nb\\c
            d {Empty} sub
            x {Empty} sub/run
            l {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("/etc/passwd"u8))} to

            """,
            Fairlead.Drivers.Builds.ArtifactPapers.ListOf(Path.Combine(folder, "made"), CancellationToken.None)
        );
    }

    [Fact]
    public void No_byte_of_an_envelope_can_be_changed()
    {
        var random = new Random(3);
        var key = Key;
        var envelope = Provenance.Sign(Built, Digest, key);
        var signed = Provenance.Payload(envelope, key)!.ToJsonString();
        for (var run = 0; run < 2_000; run++)
        {
            var bytes = Encoding.UTF8.GetBytes(envelope);
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(7));
            var payload = Provenance.Payload(Encoding.UTF8.GetString(bytes), key);
            // A change that leaves the signed bytes alone, such as of the key's name, may pass.
            Assert.True(payload is null || payload.ToJsonString() == signed);
        }
    }

    [Fact]
    public void A_statement_is_in_totos_with_slsas_predicate()
    {
        var statement = Provenance.Payload(Provenance.Sign(Built, Digest, Key), Key)!;
        Assert.Equal("https://in-toto.io/Statement/v1", (string?)statement["_type"]);
        Assert.Equal("https://slsa.dev/provenance/v1", (string?)statement["predicateType"]);
        Assert.Equal(Digest, (string?)statement["subject"]![0]!["digest"]!["sha256"]);
        Assert.Equal("api", (string?)statement["predicate"]!["buildDefinition"]!["externalParameters"]!["service"]);
    }

    [Fact]
    public void What_is_signed_is_encoded_as_dsse_says() =>
        Assert.Equal(
            "DSSEv1 28 application/vnd.in-toto+json 2 {}",
            Encoding.UTF8.GetString(Provenance.Encode(Encoding.UTF8.GetBytes("{}")))
        );

    [Fact]
    public void A_bill_names_each_package_once_with_what_it_needs()
    {
        var sbom = Sbom.CycloneDx(
            "shop/api",
            "1",
            Inventory.Of([
                new(Ecosystem.Npm, "@a/b", "1.0.0")
                {
                    File = "p",
                    Needs = ["c@2.0.0"],
                    Licences = ["(MIT OR Apache-2.0)"],
                },
                new(Ecosystem.Npm, "c", "2.0.0") { File = "p", IsDevelopment = true },
            ]),
            At
        );
        Assert.Equal("1.6", (string?)sbom["specVersion"]);
        Assert.Equal(
            ["pkg:npm/%40a/b@1.0.0", "pkg:npm/c@2.0.0"],
            sbom["components"]!.AsArray().Select(static one => (string)one!["bom-ref"]!)
        );
        Assert.Equal(
            """[{"ref":"shop/api@1","dependsOn":["pkg:npm/%40a/b@1.0.0"]},{"ref":"pkg:npm/%40a/b@1.0.0","dependsOn":["pkg:npm/c@2.0.0"]},{"ref":"pkg:npm/c@2.0.0","dependsOn":[]}]""",
            sbom["dependencies"]!.ToJsonString()
        );
        Assert.Equal("complete", (string?)sbom["compositions"]![0]!["aggregate"]);
    }

    [Fact]
    public void A_bill_that_lacks_something_says_so() =>
        Assert.Equal(
            "incomplete",
            (string?)Sbom.CycloneDx("a", "1", new([], ["pom.xml: ..."]), At)["compositions"]![0]!["aggregate"]
        );

    [Fact]
    public void The_same_program_has_the_same_serial_number_wherever_it_is_described()
    {
        JsonObject One() => Sbom.CycloneDx("a", "1", Inventory.Of([new(Ecosystem.Go, "x", "v1.0.0")]), At);
        Assert.Equal(One().ToJsonString(), One().ToJsonString());
    }

    internal static BuiltArtifact Built =>
        new(
            new BuildOrder(
                "shop",
                "/src",
                new Service
                {
                    Name = "api",
                    Kind = Kind.Api,
                    Path = "api",
                    Health = new() { Http = "/healthz" },
                    Replicas = 1,
                    Recipe = new()
                    {
                        Stack = "node",
                        Build =
                        [
                            ["npm", "ci"],
                        ],
                        Run = ["node", "."],
                    },
                }
            ),
            Artifact,
            At,
            At.AddMinutes(1)
        );
}
