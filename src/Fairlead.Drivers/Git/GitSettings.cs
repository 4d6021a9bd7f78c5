using System.Globalization;
using System.Net;
using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Git;

/// <summary>
/// The environment in which git runs: no setting of a user or a machine, no hook, no submodule, no redirect, no question. What must
/// not be seen is in it and in no argument: a process's environment is its owner's alone to read.
/// </summary>
internal static class GitSettings
{
    /// <summary>To reach a repository.</summary>
    /// <param name="addresses">Where its host is, as it was looked up and found good; empty where nothing is looked up.</param>
    public static Dictionary<string, string> Reaching(GitOrder order, string home, IReadOnlyList<IPAddress> addresses)
    {
        var url = new Uri(order.Url);
        var settings = Always();
        settings.Add(("protocol.https.allow", "always"));
        settings.Add(("protocol.ssh.allow", "always"));
        if (order.IsInside)
        {
            settings.Add(("protocol.http.allow", "always"));
            settings.Add(("protocol.file.allow", "always"));
        }
        // Connects to what was looked at, not to what the name means a moment later.
        if (addresses.Count > 0)
        {
            settings.Add(
                ("http.curloptResolve", $"{url.IdnHost}:{url.Port}:{string.Join(',', addresses.Select(Written))}")
            );
        }
        if (url.Scheme is "https" or "http" && order.Token is { } token)
        {
            settings.Add(("http.extraHeader", Login(token)));
        }
        return Env(settings, home);
    }

    /// <summary>What lets git hand files of Git LFS to its program.</summary>
    public static IReadOnlyList<(string Name, string Value)> Filters { get; } =
    [
        ("filter.lfs.clean", "git-lfs clean -- %f"),
        ("filter.lfs.smudge", "git-lfs smudge -- %f"),
        ("filter.lfs.process", "git-lfs filter-process"),
        ("filter.lfs.required", "true"),
    ];

    /// <summary>
    /// To fetch what pointers of Git LFS stand for, from the repository's own host: what a commit says of another (<c>.lfsconfig</c>) counts less than this. The token goes to
    /// that address alone, and not to where it says that files are.
    /// </summary>
    /// <param name="storage">The folder in which they are kept.</param>
    public static Dictionary<string, string> Lfs(GitOrder order, string home, string storage)
    {
        var url = order.Url.TrimEnd('/');
        var isWeb = new Uri(url).Scheme is "https" or "http";
        var settings = Always();
        settings.AddRange(Filters);
        settings.Add(
            (
                "lfs.url",
                !isWeb ? url
                : url.EndsWith(".git", StringComparison.Ordinal) ? $"{url}/info/lfs"
                : $"{url}.git/info/lfs"
            )
        );
        settings.Add(("lfs.storage", storage));
        settings.Add(("lfs.basictransfersonly", "true"));
        settings.Add(("lfs.skipdownloaderrors", "false"));
        settings.Add(("lfs.transfer.maxretries", "2"));
        if (isWeb && order.Token is { } token)
        {
            settings.Add(
                ($"http.{settings.Find(static one => one.Name == "lfs.url").Value}.extraHeader", Login(token))
            );
        }
        return Env(settings, home);
    }

    /// <summary>For what is done in folders of our own.</summary>
    public static Dictionary<string, string> Here(string home)
    {
        var settings = Always();
        settings.Add(("protocol.file.allow", "always"));
        return Env(settings, home);
    }

    // Any user will do beside a token, but for GitHub's apps, which want this one.
    private static string Login(Secret token) =>
        $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"x-access-token:{token.Reveal()}"))}";

    private static List<(string Name, string Value)> Always() =>
        [
            ("protocol.allow", "never"),
            ("core.hooksPath", "/dev/null"),
            ("core.fsmonitor", "false"),
            ("core.askPass", ""),
            ("credential.helper", ""),
            ("submodule.recurse", "false"),
            ("fetch.recurseSubmodules", "false"),
            ("http.followRedirects", "false"),
            ("http.proxy", ""),
            ("http.lowSpeedLimit", "1000"),
            ("http.lowSpeedTime", "30"),
            ("gc.autoDetach", "false"),
            ("advice.detachedHead", "false"),
            ("init.defaultBranch", "main"),
        ];

    private static Dictionary<string, string> Env(List<(string Name, string Value)> settings, string home)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = home,
            ["LANG"] = "C.UTF-8",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
            ["GIT_ATTR_NOSYSTEM"] = "1",
            ["GIT_ADVICE"] = "0",
            ["GIT_OPTIONAL_LOCKS"] = "0",
            // The keys and known hosts are those of the user as whom the server runs. Nothing of a source gets into this text.
            ["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=10",
            ["GIT_CONFIG_COUNT"] = settings.Count.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (at, (name, value)) in settings.Index())
        {
            env[$"GIT_CONFIG_KEY_{at}"] = name;
            env[$"GIT_CONFIG_VALUE_{at}"] = value;
        }
        return env;
    }

    private static string Written(IPAddress address) =>
        address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
