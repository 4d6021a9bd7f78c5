using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;
using Fairlead.Model.Security;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What was found, what is kept secret, who may what, and the proof of what happened.</summary>
public sealed class SecurityPage : IPage
{
    private const int RowsMax = 100;

    public string Route => "/ui/security";

    public string Section => "Security";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var findings = await asking.TryAsync<ListFindings.Output>(ListFindings.Operation, [], stop);
        var secrets = await asking.TryAsync<ListSecrets.Output>(ListSecrets.Operation, [], stop);
        var certificates = await asking.TryAsync<ListCertificates.Output>(ListCertificates.Operation, [], stop);
        var head = await asking.TryAsync<ShowAuditHead.Output>(ShowAuditHead.Operation, [], stop);
        var grants = await asking.TryAsync<ListGrants.Output>(ListGrants.Operation, [], stop);
        var blocked = await asking.TryAsync<ListBlocks.Output>(ListBlocks.Operation, [], stop);
        var blocks = new List<Block>();
        if (findings is not null)
        {
            blocks.Add(Findings(findings.Findings));
        }
        if (certificates is not null)
        {
            blocks.Add(Certificates(certificates.Certificates));
        }
        if (secrets is not null)
        {
            blocks.Add(Secrets(secrets));
        }
        var beside = new List<Block>();
        if (head is not null)
        {
            beside.Add(Proof(head.Head));
        }
        if (blocked is not null)
        {
            beside.Add(KeptOut(blocked.Blocks));
        }
        if (beside.Count > 0)
        {
            blocks.Add(new Block.Beside(beside));
        }
        if (grants is not null)
        {
            blocks.Add(Grants(grants.Grants));
        }
        var open = findings?.Findings.Count ?? 0;
        var ending =
            certificates?.Certificates.Count(static one => one.State is "failing" or "expiring" or "expired") ?? 0;
        return new Sheet(
            "Findings with their evidence, certificates, secrets by name, and the signed head of the journal.",
            blocks
        ).As(
            open > 0 ? $"{Texts.Count(open, "finding")} to look at"
            : ending > 0 ? $"{Texts.Count(ending, "certificate needs", "certificates need")} somebody"
            : "Nothing looks like an attack"
        );
    }

    private static Block.Table Findings(IReadOnlyList<ListFindings.View> findings) =>
        new(
            "Findings",
            ["What", "Gravity", "~Seen", "~What to do"],
            [
                .. findings
                    .Take(RowsMax)
                    .Select(static one => new Block.Row(
                        one.Id,
                        [
                            one.What,
                            new Cell(States.Said(one.Gravity))
                            {
                                Tone = one.Gravity switch
                                {
                                    "high" => "bad",
                                    "medium" => "warn",
                                    _ => "mute",
                                },
                            },
                            Cell.Time(one.Last),
                            one.Fix,
                        ]
                    )),
            ]
        )
        {
            Nothing = "Nothing that was seen looks like an attack, or like a way for one.",
        };

    private static Block.Table Certificates(IReadOnlyList<ListCertificates.View> all) =>
        new(
            "Certificates",
            ["Host", "State", "~By", "Until", "~Trouble"],
            [
                .. all.Take(RowsMax)
                    .Select(static one => new Block.Row(
                        one.Host,
                        [
                            Cell.Code(one.Host),
                            new Cell(States.Said(one.State))
                            {
                                Tone = one.State switch
                                {
                                    "good" => "good",
                                    "awaited" => "motion",
                                    _ => "bad",
                                },
                            },
                            one.Authority,
                            Cell.Time(one.Until),
                            one.Trouble ?? "",
                        ]
                    )),
            ]
        )
        {
            Nothing = "No host has one.",
        };

    private static Block.Table Secrets(ListSecrets.Output all) =>
        new(
            $"Secrets, by name; sealed with {all.MasterKey}",
            ["Secret", "Where", "Live", "~Since", "~Used by"],
            [
                .. all
                    .Secrets.Take(RowsMax)
                    .Select(static one => new Block.Row(
                        $"{one.Site}/{one.Secret}",
                        [Cell.Code(one.Secret), one.Site, one.Live, Cell.Time(one.Since), one.UsedBy]
                    )),
            ]
        )
        {
            Nothing = "No app has a secret here.",
            Command = "fairlead secret set",
        };

    private static Block.Facts Proof(TreeHead head) =>
        new(
            "Proof of what happened",
            [
                ("Lines of the journal", Figures.Whole(head.Size)),
                ("Signed", Cell.Time(head.At)),
                ("Root", Cell.Code(head.Root)),
                ("Key", Cell.Code(head.Key)),
                ("Check it", Cell.Code("fairlead audit check")),
            ]
        );

    private static Block.Table KeptOut(IReadOnlyList<ListBlocks.View> all) =>
        new(
            "Kept out",
            ["Network", "Until", "Why"],
            [
                .. all.Take(RowsMax)
                    .Select(static one => new Block.Row(
                        one.Network,
                        [Cell.Code(one.Network), Cell.Time(one.Until), one.Reason]
                    )),
            ]
        )
        {
            Nothing = "Nobody is kept out.",
        };

    private static Block.Table Grants(IReadOnlyList<AddGrant.Output> all) =>
        new(
            "Who may what",
            ["Who", "Roles"],
            [.. all.Take(RowsMax).Select(static one => new Block.Row(one.Id, [one.Who, string.Join(", ", one.Grants)]))]
        )
        {
            Nothing = "Only the owner of this server's files may anything.",
            Command = "fairlead person invite",
        };
}
