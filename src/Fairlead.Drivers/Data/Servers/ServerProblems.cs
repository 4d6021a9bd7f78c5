using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data.Servers;

/// <summary>What stands in the way of a database server, in words.</summary>
internal static class ServerProblems
{
    public static Problem NoProgram(string what, string package) =>
        new(
            "database.no-program",
            What: $"{what} cannot be run here.",
            Why: "Its server is not on this machine.",
            Fix: $"apt-get install {package}, or say where one is: databases.NAME.url"
        );

    public static Problem NoStart(string what, string why, IReadOnlyList<string> log) =>
        new(
            "database.no-start",
            What: $"{what} did not start.",
            Why: why,
            Fix: "Mend what it says; it is tried again by itself. Its data is as it was."
        )
        {
            Evidence = log,
        };

    public static Problem PortTaken(string what, int port) =>
        new(
            "database.port-taken",
            What: $"{what} cannot be started at port {port}.",
            Why: "Somebody else listens there.",
            Fix: $"See who: ss -ltnp 'sport = :{port}'. It is tried again by itself."
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem OtherVersion(string what, string made, string here, string package) =>
        new(
            "database.other-version",
            What: $"{what} was made by version {made}, and here is {here}.",
            Why: "A server reads no data of another major version, and nothing is converted behind your back.",
            Fix: $"Install the old one beside it ({package}). To move to the new one: add a second database to the manifest, bring a backup back into it, and let the app use that."
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem NotPassable(string path, string account) =>
        new(
            "database.no-way",
            What: $"The account {account} cannot enter {path}.",
            Why: "Fairlead runs as root, a database does not, and a folder above lets nobody pass.",
            Fix: "Say where databases are to be kept, in a folder that others may pass: FAIRLEAD_DATA=/var/lib/fairlead-data fairlead up"
        );

    public static Problem Gone(string what, string path) =>
        new(
            "database.data-gone",
            What: $"{what} has lost its data.",
            Why: $"There is nothing at {path}, where it was made.",
            Fix: "Put the folder back. An empty one is not made in its place unless somebody says so: fairlead database remake NAME, then fairlead backup restore APP --switch"
        )
        {
            Trouble = Trouble.NeedsPerson,
        };
}
