using System.Text.RegularExpressions;

namespace Fairlead.Engine.Guarding.Compliance.Host;

/// <summary>Whose rights Fairlead has.</summary>
internal static partial class AccountChecks
{
    // Uid: real, effective, saved, file system.
    public static Measured NotRoot(HostLook look) =>
        Uid().Match(look.Sights.ReadText("/proc/self/status") ?? "") switch
        {
            { Success: false } => new Measured.Unknown("Nothing says as whom Fairlead runs.", "id -u"),
            var found when found.Groups["effective"].Value == "0" => look.Fails(
                "Fairlead runs as root, and so does every app that it starts: a hole in one of them is a hole in the machine.",
                "Make an account for it and start it as that one: useradd --system --create-home fairlead"
            ),
            var found => look.Holds($"Fairlead runs as the account {found.Groups["effective"].Value}."),
        };

    [GeneratedRegex(@"^Uid:\s+\d+\s+(?<effective>\d+)", RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Uid();
}
