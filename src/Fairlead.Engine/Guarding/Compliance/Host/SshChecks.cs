namespace Fairlead.Engine.Guarding.Compliance.Host;

/// <summary>How people sign in to the machine (<c>sshd_config(5)</c>): of each setting the first line counts, before any <c>Match</c>.</summary>
internal static class SshChecks
{
    private const string File = "/etc/ssh/sshd_config";
    private const int DepthMax = 8;

    public static Measured Root(HostLook look) =>
        Of(
            look,
            "permitrootlogin",
            value =>
                (value ?? "prohibit-password").ToLowerInvariant() is "yes"
                    ? look.Fails(
                        "Root may sign in with a password from everywhere.",
                        "Write to /etc/ssh/sshd_config: PermitRootLogin no; then: systemctl reload ssh"
                    )
                    : look.Holds($"PermitRootLogin is {HostLook.Cut(value ?? "prohibit-password, as by default")}.")
        );

    public static Measured Passwords(HostLook look) =>
        Of(
            look,
            "passwordauthentication",
            value =>
                string.Equals(value, "no", StringComparison.OrdinalIgnoreCase)
                    ? look.Holds("Passwords are not taken; keys are.")
                    : look.Fails(
                        $"Passwords are taken{(value is null ? ", as by default" : "")}: they can be tried from everywhere.",
                        "Write to /etc/ssh/sshd_config: PasswordAuthentication no; then: systemctl reload ssh"
                    )
        );

    private static Measured Of(HostLook look, string name, Func<string?, Measured> judge)
    {
        if (!look.Sights.Exists(File))
        {
            return look.Sights.Exists("/usr/sbin/sshd")
                ? new Measured.Unknown("There is an SSH server without settings that can be seen.", "sshd -T")
                : look.Holds("No SSH server is on the machine.");
        }
        var lines = Lines(look, File, DepthMax).ToList();
        return lines.Contains(null)
            ? new Measured.Unknown("The settings of the SSH server may not be read.", "As root: sshd -T")
            : judge(
                lines
                    .TakeWhile(static one => one!.Value.Name != "match")
                    .Where(one => one!.Value.Name == name)
                    .Select(static one => one!.Value.Text)
                    .FirstOrDefault()
            );
    }

    // Null where a file could not be read.
    private static IEnumerable<(string Name, string Text)?> Lines(HostLook look, string file, int depth)
    {
        if (look.Sights.ReadText(file) is not { } text || depth == 0)
        {
            yield return null;
            yield break;
        }
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            var words = line.Split([' ', '\t', '='], 2, StringSplitOptions.TrimEntries);
            if (line.Length == 0 || line[0] == '#' || words.Length < 2)
            {
                continue;
            }
            var value = words[1].TrimStart('=', ' ').Trim('"');
            if (!string.Equals(words[0], "include", StringComparison.OrdinalIgnoreCase))
            {
                yield return (words[0].ToLowerInvariant(), value);
                continue;
            }
            foreach (var inner in value.Split(' ').SelectMany(one => Files(look, one)))
            {
                foreach (var one in Lines(look, inner, depth - 1))
                {
                    yield return one;
                }
            }
        }
    }

    // As they are in practice: a file, or all with an ending in a folder.
    private static IEnumerable<string> Files(HostLook look, string pattern)
    {
        var path = pattern.StartsWith('/') ? pattern : "/etc/ssh/" + pattern;
        var (folder, name) = (path[..path.LastIndexOf('/')], path[(path.LastIndexOf('/') + 1)..]);
        return name.StartsWith('*')
            ? (look.Sights.List(folder) ?? [])
                .Where(one => one.EndsWith(name[1..], StringComparison.Ordinal))
                .Select(one => $"{folder}/{one}")
            : [path];
    }
}
