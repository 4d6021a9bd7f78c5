using System.Text;
using Fairlead.Drivers.Forges;
using Fairlead.Drivers.Git;
using Fairlead.Engine.Operations.Hooks;
using Fairlead.Engine.Sources;
using Fairlead.Model.Git;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of what repositories, forges and their webhooks say.</summary>
internal static partial class OutsideReaders
{
    private static IEnumerable<OutsideReader> Sources()
    {
        var commit = new string('a', 40);
        foreach (var kind in Enum.GetValues<ForgeKind>())
        {
            var dialect = AllForges.DialectOf(new(kind, new("https://example.com"), "acme/shop"));
            yield return OutsideReader.OfText(
                $"{kind}'s answers",
                text =>
                {
                    var answer = Answers.Read(Encoding.UTF8.GetBytes(text));
                    dialect.ReadChange(answer, "a");
                    dialect.ReadIsOpen(answer);
                },
                """[{"number":4,"state":"open","head":{"ref":"a","repo":{"full_name":"acme/shop"}}}]""",
                """[{"iid":4,"source_branch":"a","source_project_id":1,"target_project_id":1}]""",
                """{"state":"opened","message":"no"}"""
            );
        }
        yield return OutsideReader.OfText(
            "git's answers",
            text =>
            {
                GitMirrors.ReadHeads(text);
                GitEntry.Read(text);
                foreach (var url in ModuleAddress.Read(text).Values.Append(text))
                {
                    ModuleAddress.Of(
                        url,
                        "https://example.com/a/b.git",
                        new("a", "https://example.com/a/b.git", IsInside: true, null, new Dictionary<int, string>())
                    );
                }
                GitMirrors.ReadCommit(text);
            },
            $"{commit} 1767225600 refs/heads/fix/a\n{commit} 1 refs/changes/12\n",
            $"100644 blob {commit}      10\ta\0",
            $"{commit}\0Ada\01767225600\0Mend it"
        );
        yield return OutsideReader.OfText(
            "headers of webhooks",
            text =>
            {
                HookProof.Of(_ => text, "body"u8, "a secret", Now);
                HookProof.Of(name => name == "webhook-signature" ? null : text, "body"u8, "whsec_AAAA", Now);
            },
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
            "v1,AAAA",
            "1767225600"
        );
        yield return OutsideReader.OfText(
            "names of branches",
            text =>
            {
                Assert.True(Fairlead.Model.Apps.Site.IsName(BranchSlug.Environment(text)));
                Patterns.Fit([text, $"!{text}", "**"], text);
            },
            "feature/Login_Page",
            "fix-0123abcd"
        );
    }
}
