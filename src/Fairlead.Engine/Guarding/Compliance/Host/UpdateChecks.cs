using System.Text.RegularExpressions;

namespace Fairlead.Engine.Guarding.Compliance.Host;

/// <summary>Whether the machine stays up to date, and on time.</summary>
internal static partial class UpdateChecks
{
    private const string Apt = "/etc/apt/apt.conf.d";

    public static Measured Unattended(HostLook look)
    {
        if (look.Sights.List(Apt) is { } files)
        {
            // The last of them that says it counts.
            var says = files
                .Select(file => look.Sights.ReadText($"{Apt}/{file}") ?? "")
                .SelectMany(static text => UpgradeLine().Matches(text))
                .Select(static one => one.Groups["value"].Value)
                .LastOrDefault();
            return says is not (null or "0") && look.Sights.Exists("/usr/bin/unattended-upgrade")
                ? look.Holds("Debian's unattended upgrades are on.")
                : look.Fails(
                    "Updates that mend weaknesses wait for somebody to install them.",
                    "apt install unattended-upgrades && dpkg-reconfigure -plow unattended-upgrades"
                );
        }
        return look.Sights.ReadText("/etc/dnf/automatic.conf") is { } dnf
            ? ApplyLine().IsMatch(dnf)
                ? look.Holds("dnf-automatic installs updates.")
                : look.Fails(
                    "dnf-automatic installs no updates.",
                    "Write to /etc/dnf/automatic.conf: apply_updates = yes; then: systemctl enable --now dnf-automatic.timer"
                )
            : new Measured.Unknown(
                "Nothing that is known here installs updates.",
                "On Debian: apt install unattended-upgrades"
            );
    }

    public static Measured Restart(HostLook look) =>
        look.Sights.Exists("/run/reboot-required") || look.Sights.Exists("/var/run/reboot-required")
            ? look.Fails(
                "Updates were installed that count only after a restart.",
                "Apps keep running until then; choose a time: systemctl reboot"
            )
        : look.Sights.List(Apt) is null
            ? new Measured.Unknown("This system does not say whether it waits for a restart.", "needs-restarting -r")
        : look.Holds("No update says that it waits for a restart.");

    public static Measured Time(HostLook look) =>
        look.Sights.Exists("/run/systemd/timesync/synchronized") ? look.Holds("systemd-timesyncd has set the clock.")
        : look.Sights.Exists("/run/chrony/chronyd.pid") || look.Sights.Exists("/run/chronyd.pid")
            ? look.Holds("chrony sets the clock.")
        : look.Sights.Exists("/run/ntpd.pid") || look.Sights.Exists("/var/run/ntpd.pid")
            ? look.Holds("ntpd sets the clock.")
        : new Measured.Unknown(
            "Nothing that is known here sets the clock; in a container, its host may.",
            "See it: timedatectl status"
        );

    [GeneratedRegex(
        """^\s*APT::Periodic::Unattended-Upgrade\s+"(?<value>\w+)"\s*;""",
        RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex UpgradeLine();

    [GeneratedRegex(
        @"^\s*apply_updates\s*=\s*(?:yes|true|1)\s*$",
        RegexOptions.Multiline | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex ApplyLine();
}
