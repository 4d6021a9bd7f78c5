using Fairlead.Drivers.State;
using Fairlead.Engine.Handoffs;
using Fairlead.Model.Agents;

namespace Fairlead.Tests.Agents;

/// <summary>Results of gates and their signatures.</summary>
public sealed class HandoffSigningTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fairlead-signing-");
    private readonly SigningKey signer;

    public HandoffSigningTests() => signer = new(Path.Combine(folder.FullName, "key.pem"));

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_is_signed_says_who_handed_which_result_over_and_when() =>
        Assert.Equal(
            """
            fairlead gate-result 1
            id: 4f0c8ab9f6e9c3f2
            site: shop/production
            gate: e2e
            passed: true
            by: quality
            at: 2026-11-28T10:00:00.0000000Z
            evidence: 12 of 12

            """.Replace("4f0c8ab9f6e9c3f2", Result().Id, StringComparison.Ordinal),
            HandoffSigning.TextOf(Result())
        );

    [Fact]
    public void A_result_is_good_as_it_was_handed_over_and_no_other_way()
    {
        var signed = HandoffSigning.Sign(Result(), signer);
        Assert.True(HandoffSigning.Holds(signed, signer));
        Assert.False(HandoffSigning.Holds(Result(), signer));
        Assert.False(HandoffSigning.Holds(signed with { Signature = "not base 64" }, signer));
        Assert.False(HandoffSigning.Holds(signed with { OfferedBy = "somebody" }, signer));
        Assert.False(HandoffSigning.Holds(signed with { OfferedAt = signed.OfferedAt.AddHours(1) }, signer));
        Assert.False(HandoffSigning.Holds(signed with { Site = new("shop", "staging") }, signer));
        var failed = Result("false");
        Assert.False(HandoffSigning.Holds(signed with { Body = failed.Body }, signer));
    }

    [Fact]
    public void No_line_is_smuggled_into_what_is_signed()
    {
        var lines = HandoffSigning.TextOf(Result("true", "12 of 12\\nby: owner")).Split('\n');
        Assert.Single(lines, static one => one.StartsWith("by: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_results_are_signed() =>
        Assert.Null(HandoffSigning.Sign(Read("quality-gate", "{ phase: prepare, gate: e2e }"), signer).Signature);

    private static Handoff Result(string passed = "true", string evidence = "12 of 12") =>
        Read("gate-result", $$"""{ gate: e2e, passed: {{passed}}, evidence: ["{{evidence}}"] }""");

    private static Handoff Read(string kind, string body) =>
        HandoffReading.Read(
            $"kind: {kind}\napp: shop\nenvironment: production\ntitle: t\nowner: o\nbody: {body}\n",
            "quality",
            new(2026, 11, 28, 10, 0, 0, TimeSpan.Zero)
        );
}
