using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Roles.Drill;

/// <summary>How faults of what the scratch app needs are begun and ended: by whoever knows the drills' key.</summary>
internal static class Faults
{
    public const string KeyVariable = "DRILL_KEY";
    public const string KeyHeader = "Fairlead-Drill-Key";

    /// <param name="prefix">Such as <c>/outside</c>; empty for the app itself.</param>
    /// <param name="turn">Begins or ends a fault; false for one that it does not know.</param>
    public static void Map(WebApplication app, string prefix, Func<string, bool, bool> turn)
    {
        var key = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(KeyVariable) ?? "");
        app.MapPost(
            prefix + "/fault/{fault}/{state}",
            (string fault, string state, HttpRequest request) =>
                !IsKey(request.Headers[KeyHeader].ToString(), key) ? Results.StatusCode(StatusCodes.Status403Forbidden)
                : turn(fault, state == "on") ? Results.NoContent()
                : Results.NotFound()
        );
    }

    /// <summary>Where a fault is begun or ended, below the scratch app's address.</summary>
    public static string PathOf(string fault, bool isOn) =>
        $"{(fault == DiskFault ? "" : "/outside")}/fault/{fault}/{(isOn ? "on" : "off")}";

    public const string DiskFault = "full-disk";

    private static bool IsKey(string said, byte[] key) =>
        key.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(said), key);
}
