using System.Buffers;

namespace Fairlead.Roles.Edge.Perimeter;

/// <summary>Paths that scanners try everywhere, because some program there has a hole or leaves its secrets about.</summary>
internal static class ScannerPaths
{
    private static readonly SearchValues<string> Odd = SearchValues.Create(
        [
            "/.aws/",
            "/.ds_store",
            "/.env",
            "/.git/",
            "/.hg/",
            "/.npmrc",
            "/.ssh/",
            "/.svn/",
            "/.vscode/",
            "/_ignition/",
            "/actuator/env",
            "/actuator/heapdump",
            "/admin/phpinfo",
            "/boaform/",
            "/cgi-bin/",
            "/console/login/loginform",
            "/containers/json",
            "/debug/pprof",
            "/druid/index",
            "/eval-stdin.php",
            "/geoserver/",
            "/hnap1",
            "/hudson",
            "/id_rsa",
            "/jenkins/script",
            "/jmx-console",
            "/manager/html",
            "/owa/auth",
            "/phpinfo",
            "/phpmyadmin",
            "/pma/",
            "/portal/redlion",
            "/sdk/vimservice",
            "/server-status",
            "/setup.cgi",
            "/shell.php",
            "/solr/admin",
            "/telescope/requests",
            "/tmui/login.jsp",
            "/vendor/phpunit",
            "/web.config",
            "/wls-wsat/",
            "/wp-admin",
            "/wp-config",
            "/wp-content/plugins",
            "/wp-includes",
            "/wp-login.php",
            "/xmlrpc.php",
            "/backup.sql",
            "/database.sql",
            "/dump.sql",
            "/etc/passwd",
            "/proc/self/environ",
            "/win.ini",
            "${jndi:",
        ],
        StringComparison.OrdinalIgnoreCase
    );

    /// <param name="path">As routing sees it, percent signs resolved.</param>
    public static bool IsOdd(string path) => path.AsSpan().ContainsAny(Odd);
}
