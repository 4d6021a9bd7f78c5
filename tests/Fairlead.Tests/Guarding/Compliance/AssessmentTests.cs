using System.Text.Json.Nodes;
using CsCheck;
using Fairlead.Engine.Guarding.Compliance;
using Fairlead.Model.Security;
using static Fairlead.Tests.Guarding.Compliance.ComplianceSample;

namespace Fairlead.Tests.Guarding.Compliance;

public sealed class AssessmentTests
{
    private static readonly TreeHead Head = new(1_000, new string('a', 64), new string('b', 64), Now, "k1", "c2ln");

    [Fact]
    public void Catalogues_ask_only_what_can_be_asked_and_every_question_is_asked_by_one()
    {
        Assert.Equal(["gdpr", "hipaa", "host", "soc2"], Catalogue.All.Select(one => one.Id));
        Assert.Equal(
            AllEvidence.Entries.Select(query => query.Name),
            Catalogue
                .All.SelectMany(one => one.Controls)
                .SelectMany(one => one.Evidence)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
        Assert.All(
            Catalogue.All.SelectMany(one => one.Controls),
            control => Assert.True(control.Evidence.Count > 0 || control.Attest is not null, control.Id)
        );
        Assert.All(
            Catalogue.All,
            one =>
                Assert.Equal(
                    one.Controls.Count,
                    one.Controls.Select(control => OscalBundle.TokenOf(one.Id, control.Id)).Distinct().Count()
                )
        );
    }

    [Fact]
    public void The_common_criteria_are_all_there() =>
        Assert.Equal(
            "CC1:5 CC2:3 CC3:4 CC4:2 CC5:3 CC6:8 CC7:5 CC8:1 CC9:2",
            string.Join(
                ' ',
                Catalogue
                    .All.Single(one => one.Id == "soc2")
                    .Controls.GroupBy(one => one.Id.Split('.')[0])
                    .Select(group =>
                        $"{group.Key}:{group.Count().ToString(System.Globalization.CultureInfo.InvariantCulture)}"
                    )
            )
        );

    [Fact]
    public void Where_nothing_was_measured_nothing_is_claimed() =>
        Assert.All(
            Assessments(Nothing, []).SelectMany(one => one.Controls),
            one => Assert.Equal(one.Control.Evidence.Count > 0 ? ControlState.Unknown : ControlState.Manual, one.State)
        );

    [Fact]
    public void A_control_is_as_good_as_the_worst_of_its_evidence_and_a_statement_cannot_better_it() =>
        Gen.Select(Gen.Int[0, 3].Array[0, 4], Gen.Int[0, 3])
            .Sample(
                (answers, stated) =>
                {
                    var names = answers
                        .Select((_, index) => $"q{index.ToString(System.Globalization.CultureInfo.InvariantCulture)}")
                        .ToList();
                    var control = new Control("C1", "") { Evidence = names, Attest = stated == 0 ? null : "It is so." };
                    var evidence = answers
                        .Zip(names)
                        .ToDictionary(one => one.Second, one => Answered(one.Second, one.First));
                    var attestations = stated < 2 ? [] : new[] { Stated(isOver: stated == 2) };
                    var found = Assessment
                        .Of(new("c", "", "", [control]), evidence, attestations, Now)
                        .Controls[0]
                        .State;
                    ControlState[] parts =
                    [
                        .. answers.Select(answer =>
                            new[]
                            {
                                ControlState.Failing,
                                ControlState.Unknown,
                                ControlState.Stale,
                                ControlState.Fresh,
                            }[answer]
                        ),
                        .. stated switch
                        {
                            0 => Array.Empty<ControlState>(),
                            1 => [ControlState.Manual],
                            2 => [ControlState.Stale],
                            _ => [ControlState.Fresh],
                        },
                    ];
                    return found == (parts.Length == 0 ? ControlState.Unknown : parts.Min());
                }
            );

    [Fact]
    public void A_question_that_nobody_wrote_is_unknown() =>
        Assert.Equal(
            (ControlState.Unknown, "Nothing measures 'moon-phase'."),
            Assessment
                .Of(new("c", "", "", [new("C1", "") { Evidence = ["moon-phase"] }]), AllEvidence.Of(Good), [], Now)
                .Controls
                is [var one]
                ? (one.State, one.Why)
                : default
        );

    [Fact]
    public void The_newest_statement_counts()
    {
        var catalogue = Catalogue.All.Single(one => one.Id == "soc2");
        Attestation Of(string statement, DateTimeOffset at) =>
            new("soc2", "CC1.1", statement, "Anna (anna)", at, at.AddDays(10));
        var found = Assessment
            .Of(catalogue, AllEvidence.Of(Good), [Of("new", Now.AddDays(-1)), Of("old", Now.AddDays(-20))], Now)
            .Controls[0];
        Assert.Equal((ControlState.Fresh, "Anna (anna) stated on 2026-11-26: new"), (found.State, found.Why));
    }

    [Fact]
    public void The_page_runs_nothing_fetches_nothing_and_shows_what_others_wrote_as_text()
    {
        const string hostile = "<script>alert(1)</script>\"'&";
        var page = HtmlBundle.Of(Bundle([new("soc2", "CC1.1", hostile, hostile, Now, Now.AddDays(1))]));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.All(
            ["src=", "href=\"h", "href=\"/", "url(", "@import", "refresh"],
            word => Assert.DoesNotContain(word, page, StringComparison.OrdinalIgnoreCase)
        );
        Assert.All(AllEvidence.Of(Good).Values, one => Assert.Contains(one.Digest, page, StringComparison.Ordinal));
        Assert.Contains(Head.Root, page, StringComparison.Ordinal);
        // Every link leads to a place on the page.
        Assert.All(
            Between(page, "href=\"#"),
            name => Assert.Contains($"id=\"{name}\"", page, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Oscal_says_satisfied_of_nothing_but_what_is_fresh_and_every_reference_is_there()
    {
        var bundle = Bundle([Stated(isOver: false) with { Catalogue = "soc2", Control = "CC1.1" }]);
        var text = OscalBundle.Of(bundle);
        Assert.Equal(text, OscalBundle.Of(bundle));
        var results = JsonNode.Parse(text)!["assessment-results"]!;
        Assert.Equal("1.1.2", results["metadata"]!["oscal-version"]!.ToString());
        foreach (var (result, assessment) in results["results"]!.AsArray().Zip(bundle.Assessments))
        {
            var ids = result!["observations"]!.AsArray().Select(one => one!["uuid"]!.ToString()).ToHashSet();
            Assert.Equal(
                assessment.Controls.Select(one =>
                    (
                        one.State is ControlState.Fresh ? "satisfied" : "not-satisfied",
                        one.State.ToString().ToLowerInvariant()
                    )
                ),
                result["findings"]!
                    .AsArray()
                    .Select(one =>
                        (one!["target"]!["status"]!["state"]!.ToString(), one["props"]![0]!["value"]!.ToString())
                    )
            );
            Assert.All(
                result["findings"]!.AsArray().SelectMany(one => one!["related-observations"]?.AsArray() ?? []),
                one => Assert.Contains(one!["observation-uuid"]!.ToString(), ids)
            );
        }
        var all = Between(text, "\"uuid\": \"");
        Assert.All(all, one => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$", one));
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(
            Between(text, "\"control-id\": \"").Concat(Between(text, "\"target-id\": \"")),
            one => Assert.Matches("^[a-z][A-Za-z0-9._-]*$", one)
        );
    }

    private static Bundle Bundle(IReadOnlyList<Attestation> attestations) =>
        new(
            Now,
            Assessments(Good, attestations),
            [.. AllEvidence.Of(Good).Values],
            Head,
            "-----BEGIN PUBLIC KEY-----\n"
        );

    private static IReadOnlyList<Assessment> Assessments(
        EvidenceSnapshot snapshot,
        IReadOnlyList<Attestation> attestations
    ) => [.. Catalogue.All.Select(one => Assessment.Of(one, AllEvidence.Of(snapshot), attestations, Now))];

    private static Evidence Answered(string name, int answer) =>
        new(
            name,
            "",
            answer switch
            {
                0 => new Measured.Fails("", "", Now),
                1 => new Measured.Unknown("", ""),
                _ => new Measured.Holds("", Now),
            },
            IsStale: answer == 2,
            ""
        );

    private static Attestation Stated(bool isOver) =>
        new("c", "C1", "It is so.", "Anna (anna)", Now.AddDays(-2), isOver ? Now : Now.AddDays(1));

    private static IReadOnlyList<string> Between(string text, string before) =>
        [.. text.Split(before).Skip(1).Select(rest => rest.Split('"')[0])];
}
