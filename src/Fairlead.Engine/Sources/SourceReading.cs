using Fairlead.Engine.Manifests;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Git;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Sources;

/// <summary>Reads what is said of a source, and finds all that is wrong with it at once.</summary>
internal static class SourceReading
{
    private const int LabelLettersMax = 63;
    private const int HostLettersMax = 253;
    private static readonly TimeSpan PollMin = 5.Seconds;
    private static readonly TimeSpan PollMax = TimeSpan.FromDays(1);
    private static readonly TimeSpan TtlMax = TimeSpan.FromDays(365);

    /// <exception cref="ProblemException">All that is wrong with it.</exception>
    public static GitSource Of(AddSource.Input input, SourceMaker maker)
    {
        var name = input.Name ?? input.App;
        var url = UrlOf(input.Url);
        var findings = Findings(input, name, url);
        findings.AddRange(PatternFindings("path", input.Path));
        findings.AddRange(PatternFindings("preview", input.Preview));
        findings.AddRange(
            input
                .SubmoduleHost.Where(static one =>
                    one.Length > 253 || Uri.CheckHostName(one) == UriHostNameType.Unknown
                )
                .Select(static one =>
                    Wrong(
                        "host",
                        one,
                        "It is a host's name alone, without a way, port or path.",
                        "--submodule-host gitlab.example.com"
                    )
                )
        );
        var forge = ForgeOf(input, url, findings);
        var previews = input.Preview.Count == 0 ? null : PreviewsOf(input, findings);
        Problem[] found = [.. findings.OfType<Problem>()];
        return found.Length > 0
            ? throw new ProblemException(found)
            : new()
            {
                Name = name,
                App = input.App,
                Url = url,
                Branch = input.Branch,
                Environment = input.Environment,
                Folder = input.SourceFolder.Trim('/') is { Length: > 0 } folder ? folder : ".",
                Paths = input.Path,
                RunsPipeline = input.Pipeline,
                Poll = PollOf(input)!.Value, // Else there is a finding.
                IsInside = input.Inside,
                ModuleHosts = input.SubmoduleHost,
                TokenSecret = input.Token,
                HookSecret = $"HOOK_{name.ToUpperInvariant().Replace('-', '_')}",
                Forge = forge,
                Previews = previews,
                Maker = maker,
            };
    }

    private static List<Problem?> Findings(AddSource.Input input, string name, string url) =>
        [
            Site.IsName(input.App)
                ? null
                : Wrong(
                    "app",
                    input.App,
                    "An app has lower-case letters, digits and dashes.",
                    "fairlead source add shop --url URL"
                ),
            Site.IsName(name)
                ? null
                : Wrong("name", name, "A name has lower-case letters, digits and dashes.", "--name shop"),
            Site.IsName(input.Environment) && !BranchSlug.IsPreview(input.Environment)
                ? null
                : Wrong(
                    "environment",
                    input.Environment,
                    "It is no name of an environment, or one of previews.",
                    "--environment production"
                ),
            UrlFault(url, input.Inside) is { } fault
                ? Wrong("url", Shown(url), fault, "--url https://github.com/acme/shop.git")
                : null,
            IsBranch(input.Branch)
                ? null
                : Wrong("branch", input.Branch, "No branch can be called so.", "--branch main"),
            IsFolder(input.SourceFolder)
                ? null
                : Wrong(
                    "folder",
                    input.SourceFolder,
                    "It is a path within the repository, without '..'.",
                    "--source-folder apps/shop"
                ),
            PollOf(input) is not null
                ? null
                : Wrong("poll", input.Poll, "It takes a time from 5s to 24h.", "--poll 60s"),
            input.Token is null || SecretVersion.IsName(input.Token)
                ? null
                : Wrong(
                    "token",
                    "--token",
                    "It takes the name of a secret, never the token itself.",
                    "fairlead secret set GIT_TOKEN --app shop; then --token GIT_TOKEN"
                ),
        ];

    private static TimeSpan? PollOf(AddSource.Input input) =>
        Units.TryParseDuration(input.Poll) is { } every && every >= PollMin && every <= PollMax ? every : null;

    public static Problem Wrong(string code, string what, string why, string fix) =>
        new($"source.{code}", What: $"'{what}' cannot be taken.", Why: why, Fix: $"Write for example: {fix}")
        {
            Trouble = Trouble.WrongUse,
        };

    /// <summary>As git and Uri both read it: <c>git@host:acme/shop.git</c> is written out.</summary>
    public static string UrlOf(string text)
    {
        var at = text.IndexOf(':', StringComparison.Ordinal);
        return
            at > 0
            && !text.Contains("://", StringComparison.Ordinal)
            && text[..at].Contains('@', StringComparison.Ordinal)
            && !text.StartsWith('-')
            ? $"ssh://{text[..at]}/{text[(at + 1)..].TrimStart('/')}"
            : text;
    }

    /// <summary>Why it can be no repository's address; null when it can.</summary>
    public static string? UrlFault(string url, bool isInside)
    {
        if (
            !Uri.TryCreate(url, UriKind.Absolute, out var read)
            || url.Any(static one => char.IsControl(one) || one == ' ')
        )
        {
            return "It is no address.";
        }
        if (
            read.UserInfo.Contains(':', StringComparison.Ordinal)
            || (read.Scheme is "https" or "http" && read.UserInfo.Length > 0)
        )
        {
            return "It holds a login. Keep the token as a secret, and name that with --token.";
        }
        if (read.Query.Length > 0 || read.Fragment.Length > 0)
        {
            return "It has a query or a fragment, which no repository has.";
        }
        return read.Scheme switch
        {
            "https" => null,
            // What begins with a dash would be read as an option by ssh.
            "ssh" => read.Host.StartsWith('-')
            || read.UserInfo.StartsWith('-')
            || read.AbsolutePath.StartsWith("/-", StringComparison.Ordinal)
                ? "No part of it may begin with a dash."
                : null,
            "http" or "file" when isInside && (read.Scheme == "file" ? read.Host.Length == 0 : read.IsLoopback) => null,
            "http" =>
                "Over http:// anybody on the way can change what is deployed; only on this machine, with --inside.",
            "file" => "A folder of this machine is taken with --inside alone.",
            _ => "It must begin with https:// or ssh://.",
        };
    }

    /// <summary>A host that can stand for all branches, or why it cannot.</summary>
    public static string? HostFault(string template, string app)
    {
        if (!template.Contains("{branch}", StringComparison.Ordinal))
        {
            return "Without {branch} all previews would have the same host.";
        }
        var longest = template
            .Replace("{branch}", new string('b', BranchSlug.LettersMax), StringComparison.Ordinal)
            .Replace("{app}", app, StringComparison.Ordinal);
        return longest.Length > HostLettersMax
            || longest.Split('.').Any(static label => label.Length is 0 or > LabelLettersMax)
                ? $"A part of a host name has 1 to {LabelLettersMax} letters, and a branch can have {BranchSlug.LettersMax}."
            : longest
                .Split('.')
                .Any(static label =>
                    label[0] == '-'
                    || label[^1] == '-'
                    || !label.All(static one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '-')
                )
                ? "A host name has lower-case letters, digits and dashes between its dots."
            : null;
    }

    private static PreviewRules? PreviewsOf(AddSource.Input input, List<Problem?> findings)
    {
        var host = input.PreviewHost ?? "{branch}.{app}.localhost";
        var ttl = Units.TryParseDuration(input.PreviewTtl);
        if (HostFault(host, input.App) is { } fault)
        {
            findings.Add(Wrong("preview-host", host, fault, "--preview-host '{branch}.preview.example.com'"));
        }
        if (ttl is not { } time || time < TimeSpan.FromMinutes(1) || time > TtlMax)
        {
            findings.Add(
                Wrong("preview-ttl", input.PreviewTtl, "It takes a time from 1m to a year.", "--preview-ttl 72h")
            );
        }
        if (!Site.IsName(input.PreviewLike) || input.PreviewLike == input.Environment)
        {
            findings.Add(
                Wrong(
                    "preview-like",
                    input.PreviewLike,
                    "Previews are made like another environment than the one that is deployed to: its secrets would come along, to where every branch's author can print them.",
                    "--preview-like preview"
                )
            );
        }
        return new()
        {
            Branches = input.Preview,
            Like = input.PreviewLike,
            Host = host,
            Ttl = ttl ?? TimeSpan.Zero,
            Max = input.PreviewMax,
            Data = DataOf(input, findings),
        };
    }

    private static DataPolicy DataOf(AddSource.Input input, List<Problem?> findings)
    {
        const string Copy = "copy-of:";
        (PreviewDataKind? kind, string? from) = input.PreviewData switch
        {
            "none" => (PreviewDataKind.None, null),
            "empty" => (PreviewDataKind.Empty, null),
            var text when text.StartsWith(Copy, StringComparison.Ordinal) && Site.IsName(text[Copy.Length..]) => (
                PreviewDataKind.Copy,
                text[Copy.Length..]
            ),
            _ => ((PreviewDataKind?)null, (string?)null),
        };
        if (kind is null)
        {
            findings.Add(
                Wrong(
                    "preview-data",
                    input.PreviewData,
                    "It is none, empty, or copy-of: with an environment.",
                    "--preview-data copy-of:staging"
                )
            );
        }
        else if (kind is not PreviewDataKind.None && input.PreviewPrepare is null)
        {
            findings.Add(
                Wrong(
                    "preview-data",
                    input.PreviewData,
                    "Fairlead runs no databases of its own yet: a command has to make that data, and none is said.",
                    "--preview-prepare './previews/copy-data' --preview-cleanup './previews/drop-data'"
                )
            );
        }
        return new(kind ?? PreviewDataKind.None, from)
        {
            Prepare = WordsOf(input.PreviewPrepare, findings),
            CleanUp = WordsOf(input.PreviewCleanup, findings),
        };
    }

    private static IReadOnlyList<string> WordsOf(string? command, List<Problem?> findings)
    {
        if (command is null)
        {
            return [];
        }
        var (words, fault) = CommandWords.Split(command);
        if (fault is not null)
        {
            findings.Add(Wrong("command", command, fault.Why, "--preview-prepare './previews/copy-data'"));
        }
        return words ?? [];
    }

    private static ForgeAddress? ForgeOf(AddSource.Input input, string url, List<Problem?> findings)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var read))
        {
            return null;
        }
        var kind =
            input.Forge
            ?? read.Host switch
            {
                "github.com" => ForgeKind.GitHub,
                "gitlab.com" => ForgeKind.GitLab,
                "codeberg.org" or "gitea.com" => ForgeKind.Gitea,
                _ => null,
            };
        if (kind is not { } known || (read.IsFile && input.Api is null))
        {
            return null;
        }
        var repository = read.AbsolutePath.Trim('/');
        repository = repository.EndsWith(".git", StringComparison.Ordinal) ? repository[..^4] : repository;
        if (known is not ForgeKind.GitLab)
        {
            repository = string.Join('/', repository.Split('/').TakeLast(2));
        }
        var api = input.Api ?? ApiOf(known, read.IdnHost);
        var isGood =
            Uri.TryCreate(api, UriKind.Absolute, out var at)
            && at is { UserInfo: "", Query: "", Fragment: "" }
            && (at.Scheme == Uri.UriSchemeHttps || (at.Scheme == Uri.UriSchemeHttp && input.Inside && at.IsLoopback));
        if (!isGood)
        {
            findings.Add(
                Wrong(
                    "api",
                    api,
                    "It must begin with https://; http:// only with --inside on this machine.",
                    "--api https://git.example.com/api/v1"
                )
            );
        }
        return isGood ? new(known, at!, repository) : null;
    }

    private static string ApiOf(ForgeKind kind, string host) =>
        kind switch
        {
            ForgeKind.GitHub when host == "github.com" => "https://api.github.com",
            ForgeKind.GitHub => $"https://{host}/api/v3",
            ForgeKind.GitLab => $"https://{host}/api/v4",
            _ => $"https://{host}/api/v1",
        };

    private static IEnumerable<Problem?> PatternFindings(string code, IReadOnlyList<string> patterns) =>
        patterns.Count > Patterns.PatternsMax
            ? [Wrong(code, $"{patterns.Count} patterns", $"There may be {Patterns.PatternsMax}.", $"--{code} '**'")]
            : patterns.Select(one =>
                Patterns.FaultOf(one) is { } fault ? Wrong(code, one, fault, $"--{code} 'feature/*'") : null
            );

    // https://git-scm.com/docs/git-check-ref-format, and no dash in front.
    private static bool IsBranch(string name) =>
        name.Length is > 0 and <= 200
        && name[0] is not ('-' or '/' or '.')
        && name[^1] is not ('/' or '.')
        && !name.EndsWith(".lock", StringComparison.Ordinal)
        && !name.Contains("..", StringComparison.Ordinal)
        && !name.Contains("//", StringComparison.Ordinal)
        && !name.Contains("@{", StringComparison.Ordinal)
        && !name.Any(static one => char.IsControl(one) || " ~^:?*[\\".Contains(one, StringComparison.Ordinal));

    private static bool IsFolder(string path) =>
        path.Length is > 0 and <= 200
        && path[0] != '/'
        && !path.Any(static one => char.IsControl(one) || one == '\\')
        && (
            path == "."
            || path.Split('/', StringSplitOptions.RemoveEmptyEntries)
                .All(static part => part is not ("." or ".." or ".git"))
        );

    private static string Shown(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var read) && read.UserInfo.Length > 0
            ? url.Replace(read.UserInfo, "***", StringComparison.Ordinal)
            : url;
}
