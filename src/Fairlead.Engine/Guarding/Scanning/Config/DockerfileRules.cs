using System.Text.RegularExpressions;
using Fairlead.Engine.Guarding.Scanning.Secrets;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning.Config;

/// <summary>What a Dockerfile should not do.</summary>
internal static partial class DockerfileRules
{
    private const int LettersMax = 1 << 20;
    private const int MatchMilliseconds = 1_000;

    private static readonly Rule Root = new(
        "docker-root",
        Severity.High,
        "The container runs as root.",
        "Who breaks out of the program is root in the container, and one flaw away from being it on the host.",
        "End with: USER 10001"
    );
    private static readonly Rule LatestTag = new(
        "docker-latest",
        Severity.Medium,
        "The base image has no fixed version.",
        "What is built tomorrow is another thing than what was tested today.",
        "Name a version, better a digest: FROM node:22.11@sha256:..."
    );
    private static readonly Rule AddUrl = new(
        "docker-add-url",
        Severity.Medium,
        "ADD fetches from an address.",
        "What comes is not checked against anything.",
        "Write: ADD --checksum=sha256:... URL, or fetch and check it in a RUN."
    );
    private static readonly Rule AddFile = new(
        "docker-add",
        Severity.Low,
        "ADD copies files.",
        "It also unpacks archives and fetches addresses, which nobody expects.",
        "Write COPY instead."
    );
    private static readonly Rule PipeToShell = new(
        "docker-pipe-shell",
        Severity.High,
        "Something from the network is run without a look.",
        "Whoever controls that address controls the image.",
        "Fetch a fixed version, check its digest, then run it."
    );
    private static readonly Rule Secret = new(
        "docker-secret",
        Severity.Critical,
        "A secret is written into the image.",
        "ENV and ARG are in the image's history for everybody who can pull it.",
        "Use: RUN --mount=type=secret,id=NAME, and give the app its secrets when it starts."
    );
    private static readonly Rule Sudo = new(
        "docker-sudo",
        Severity.Medium,
        "The build uses sudo.",
        "It leaves a way to become root in the image.",
        "Do what needs root before USER, without sudo."
    );
    private static readonly Rule World = new(
        "docker-chmod-777",
        Severity.Medium,
        "Files may be written by anybody.",
        "A program that was taken over can change what others run.",
        "Give files to the user who needs them: COPY --chown=app, chmod 755."
    );
    private static readonly Rule Ssh = new(
        "docker-ssh",
        Severity.Medium,
        "Port 22 is exposed.",
        "A container with an SSH server is a machine that nobody patches.",
        "Remove the SSH server; enter with docker exec."
    );
    private static readonly Rule NoVerify = new(
        "docker-insecure-fetch",
        Severity.High,
        "Certificates are not checked.",
        "Anybody between can put in something else.",
        "Install ca-certificates and remove the flag."
    );
    private static readonly Rule Unsigned = new(
        "docker-unsigned-packages",
        Severity.High,
        "Packages are installed without checking who signed them.",
        "Anybody between can put in something else.",
        "Add the repository's key and remove the flag."
    );
    private static readonly Rule PlainHttp = new(
        "docker-http",
        Severity.Medium,
        "Something is fetched without encryption.",
        "Anybody between can put in something else.",
        "Use https://."
    );
    private static readonly Rule Docker = new(
        "docker-socket",
        Severity.High,
        "Docker's socket becomes a part of the container.",
        "Who can write to it is root on the host.",
        "Leave it out."
    );
    private static readonly Rule CopyAll = new(
        "docker-copy-secrets",
        Severity.High,
        "A file that holds secrets is copied into the image.",
        "Everybody who can pull the image can read it.",
        "Remove it from the COPY and add it to .dockerignore."
    );
    private static readonly Rule Privileged = new(
        "docker-run-insecure",
        Severity.High,
        "A build step runs without its walls.",
        "It can do to the build machine what root can.",
        "Remove --security=insecure."
    );
    private static readonly Rule Password = new(
        "docker-password",
        Severity.High,
        "A password is set in a build step.",
        "It is in the image's history.",
        "Leave accounts without passwords."
    );
    private static readonly Rule Setuid = new(
        "docker-setuid",
        Severity.Medium,
        "A program gets the rights of its owner.",
        "It is a way to become root.",
        "Leave out the setuid bit."
    );
    private static readonly Rule Deprecated = new(
        "docker-old-base",
        Severity.High,
        "The base image gets no security updates any more.",
        "What is found in it stays open.",
        "Take a newer version of it."
    );
    private static readonly Rule Upgrade = new(
        "docker-no-update",
        Severity.Low,
        "Packages are installed from a list that may be old.",
        "A cached list names versions with known weaknesses.",
        "Write: RUN apt-get update && apt-get install ..."
    );
    private static readonly Rule LastUser = new(
        "docker-back-to-root",
        Severity.High,
        "The last USER is root again.",
        "What runs in the end is root.",
        "End with a USER that is not root."
    );

    public static Seen Look(string path, string text)
    {
        if (text.Length > LettersMax)
        {
            return new([], $"{path} is larger than {LettersMax >> 20} MiB and was not looked at.");
        }
        var notes = new Notes(path);
        var (stages, args) = (
            new HashSet<string>(StringComparer.OrdinalIgnoreCase),
            new HashSet<string>(StringComparer.Ordinal)
        );
        var (user, userLine, from, fromLine) = ((string?)null, 0, "", 0);
        foreach (var (word, rest, line) in Instructions(text))
        {
            switch (word)
            {
                case "FROM":
                    (user, userLine, from, fromLine) = (null, 0, rest, line);
                    LookAtBase(rest, line, stages, notes);
                    break;
                case "USER":
                    (user, userLine) = (rest.Split(':')[0].Trim(), line);
                    break;
                case "ADD":
                    LookAtAdd(rest, line, notes);
                    break;
                case "COPY":
                    LookAtCopy(rest, line, notes);
                    break;
                case "ENV" or "ARG":
                    LookAtVariable(rest, line, notes);
                    break;
                case "RUN":
                    LookAtRun(rest, line, notes);
                    break;
                case "EXPOSE" when rest.Split(' ').Any(static one => one is "22" or "22/tcp"):
                    notes.Add(Ssh, line);
                    break;
                case "VOLUME" when rest.Contains("docker.sock", StringComparison.Ordinal):
                    notes.Add(Docker, line);
                    break;
                default:
                    break;
            }
        }
        if (fromLine == 0)
        {
            return new([], $"{path} has no FROM and was not looked at.");
        }
        if (user is null && !IsRootless(from))
        {
            notes.Add(Root, fromLine);
        }
        else if (user is "root" or "0")
        {
            notes.Add(LastUser, userLine);
        }
        return notes.Seen();
    }

    private static void LookAtBase(string rest, int line, HashSet<string> stages, Notes notes)
    {
        string[] words =
        [
            .. rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .SkipWhile(static one => one.StartsWith("--", StringComparison.Ordinal)),
        ];
        var image = words.FirstOrDefault() ?? "";
        if (!stages.Contains(image) && image is not "scratch" && !image.Contains('$', StringComparison.Ordinal))
        {
            var tag = image[(image.LastIndexOf('/') + 1)..].Split('@')[0].Split(':').ElementAtOrDefault(1);
            if (!image.Contains('@', StringComparison.Ordinal) && tag is null or "latest")
            {
                notes.Add(LatestTag, line, $"The base image '{image}' has no fixed version.");
            }
            if (OldBase().IsMatch(image))
            {
                notes.Add(Deprecated, line, $"The base image '{image}' gets no security updates any more.");
            }
        }
        if (words is [_, var word, var name] && word.Equals("as", StringComparison.OrdinalIgnoreCase))
        {
            stages.Add(name);
        }
    }

    private static void LookAtAdd(string rest, int line, Notes notes)
    {
        var isUrl =
            rest.Contains("http://", StringComparison.Ordinal) || rest.Contains("https://", StringComparison.Ordinal);
        if (isUrl && !rest.Contains("--checksum", StringComparison.Ordinal))
        {
            notes.Add(AddUrl, line);
        }
        else if (!isUrl && !Archive().IsMatch(rest))
        {
            notes.Add(AddFile, line);
        }
    }

    private static void LookAtCopy(string rest, int line, Notes notes)
    {
        if (SecretFile().IsMatch(rest))
        {
            notes.Add(CopyAll, line);
        }
        if (rest.Contains("docker.sock", StringComparison.Ordinal))
        {
            notes.Add(Docker, line);
        }
    }

    // ENV A=b C=d | ENV A b | ARG A=b
    private static void LookAtVariable(string rest, int line, Notes notes)
    {
        foreach (Match match in SecretName().Matches(rest))
        {
            var value = match.Groups["value"].Value.Trim('"', '\'');
            if (SecretNames.IsSecret(match.Groups["name"].Value, value) && SecretSearch.Entropy(value) > 1.5)
            {
                notes.Add(Secret, line, $"The variable {match.Groups["name"].Value} writes a secret into the image.");
            }
        }
    }

    private static void LookAtRun(string rest, int line, Notes notes)
    {
        (Rule Rule, bool Holds)[] checks =
        [
            (PipeToShell, Piped().IsMatch(rest)),
            (Sudo, SudoWord().IsMatch(rest)),
            (World, Chmod777().IsMatch(rest)),
            (NoVerify, Unverified().IsMatch(rest)),
            (Unsigned, UnsignedPackages().IsMatch(rest)),
            (PlainHttp, Fetched().IsMatch(rest)),
            (Privileged, rest.Contains("--security=insecure", StringComparison.Ordinal)),
            (
                Password,
                rest.Contains("chpasswd", StringComparison.Ordinal)
                    || rest.Contains("| passwd", StringComparison.Ordinal)
            ),
            (Setuid, SetuidBit().IsMatch(rest)),
            (
                Upgrade,
                rest.Contains("apt-get install", StringComparison.Ordinal)
                    && !rest.Contains("apt-get update", StringComparison.Ordinal)
                    && !rest.Contains("apt update", StringComparison.Ordinal)
            ),
        ];
        foreach (var (rule, _) in checks.Where(static one => one.Holds))
        {
            notes.Add(rule, line);
        }
    }

    // distroless/nonroot and chainguard run as somebody already.
    private static bool IsRootless(string from) =>
        from.Contains("nonroot", StringComparison.Ordinal)
        || from.Contains("rootless", StringComparison.Ordinal)
        || from.Contains("unprivileged", StringComparison.Ordinal)
        || from.Contains("cgr.dev/chainguard", StringComparison.Ordinal);

    private static IEnumerable<(string Word, string Text, int Line)> Instructions(string text)
    {
        var (number, begins, whole) = (0, 0, "");
        string? here = null;
        foreach (var written in text.Split('\n'))
        {
            number++;
            var line = written.Trim();
            if (here is not null)
            {
                // What stands between RUN <<EOF and EOF is a script.
                whole += " ; " + line;
                if (line == here)
                {
                    here = null;
                    yield return Parted(whole, begins);
                    whole = "";
                }
                continue;
            }
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }
            if (whole.Length == 0)
            {
                begins = number;
            }
            whole += line.TrimEnd('\\');
            if (HereDocument().Match(line) is { Success: true } match)
            {
                here = match.Groups["end"].Value;
            }
            else if (!line.EndsWith('\\'))
            {
                yield return Parted(whole, begins);
                whole = "";
            }
        }
        if (whole.Length > 0)
        {
            yield return Parted(whole, begins);
        }
    }

    private static (string Word, string Text, int Line) Parted(string whole, int line)
    {
        var space = whole.IndexOfAny([' ', '\t']);
        return space < 0
            ? (whole.ToUpperInvariant(), "", line)
            : (whole[..space].ToUpperInvariant(), whole[(space + 1)..].Trim(), line);
    }

    private const RegexOptions Plain =
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    [GeneratedRegex(
        "(curl|wget)[^|;&]*[|]\\s*(sudo\\s+)?(-E\\s+)?(ba|z|da)?sh\\b|(ba)?sh\\s+(-c\\s+)?[\"']?([$][(]|<[(])(curl|wget)",
        Plain,
        MatchMilliseconds
    )]
    private static partial Regex Piped();

    [GeneratedRegex("(^|[;&|]\\s*)sudo\\s", Plain, MatchMilliseconds)]
    private static partial Regex SudoWord();

    [GeneratedRegex("chmod\\s+(-[a-zA-Z]+\\s+)*(0?777|a[+]rwx|o[+]w)", Plain, MatchMilliseconds)]
    private static partial Regex Chmod777();

    [GeneratedRegex(
        "curl(\\s[^;&|]*)?\\s(-[a-zA-Z]*k(\\s|$)|--insecure)|wget\\s[^;&|]*--no-check-certificate|NODE_TLS_REJECT_UNAUTHORIZED=.?0|strict-ssl\\s*(=|\\s)\\s*false|--trusted-host|http[.]sslVerify\\s+false",
        Plain,
        MatchMilliseconds
    )]
    private static partial Regex Unverified();

    [GeneratedRegex(
        "--allow-unauthenticated|--force-yes|--nogpgcheck|--no-gpg-check|--allow-untrusted|trusted=yes",
        Plain,
        MatchMilliseconds
    )]
    private static partial Regex UnsignedPackages();

    [GeneratedRegex("(curl|wget)\\s[^;&|]*\\bhttp://(l[^o]|[^l1])", Plain, MatchMilliseconds)]
    private static partial Regex Fetched();

    [GeneratedRegex("chmod\\s+(-[a-zA-Z]+\\s+)*([ug][+]s|[4267][0-7]{3})", Plain, MatchMilliseconds)]
    private static partial Regex SetuidBit();

    [GeneratedRegex("[.](tar|tar[.][a-z0-9]+|tgz|tbz2|txz)\\b", Plain, MatchMilliseconds)]
    private static partial Regex Archive();

    [GeneratedRegex(
        "(^|[\\s/])([.]env([.](prod|production|local))?|id_(rsa|dsa|ecdsa|ed25519)|[.]npmrc|[.]pypirc|[.]netrc|[.]aws|[.]ssh|[.]kube|[^\\s]+[.](pem|pfx|p12|key))(\\s|/)",
        Plain,
        MatchMilliseconds
    )]
    private static partial Regex SecretFile();

    [GeneratedRegex(
        "(?<name>[A-Za-z0-9_]*(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY)[A-Z0-9_]*)(=|\\s+)(?<value>\"[^\"]*\"|[^\\s=]+)",
        Plain | RegexOptions.IgnoreCase,
        MatchMilliseconds
    )]
    private static partial Regex SecretName();

    [GeneratedRegex(
        "^(.*/)?((debian:(jessie|stretch|buster|[89]|10)\\b)|(ubuntu:(1[0-9]|trusty|xenial|bionic))|(centos:)|(alpine:(2|3[.]([0-9]|1[0-7])\\b))|(node:([0-9]|1[0-9])\\b)|(python:(2|3[.][0-8]\\b))|(php:([5-7]|8[.]0))|(golang:1[.](1?[0-9]|2[01])\\b)|(ruby:(1|2|3[.]0)))",
        Plain,
        MatchMilliseconds
    )]
    private static partial Regex OldBase();

    [GeneratedRegex(
        "^(RUN|COPY)\\s.*<<-?['\"]?(?<end>[A-Za-z0-9_]+)['\"]?",
        Plain | RegexOptions.IgnoreCase,
        MatchMilliseconds
    )]
    private static partial Regex HereDocument();
}
