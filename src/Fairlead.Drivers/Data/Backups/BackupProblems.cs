using System.Globalization;
using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>What stands in the way of a backup or its restore, in words.</summary>
internal static class BackupProblems
{
    public static Problem Unreachable(Uri address, string why) =>
        new(
            "backup.unreachable",
            What: $"The database at {address.Host} cannot be reached.",
            Why: why,
            Fix: "See that it is up, and that the address in the secret is right."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    // Not shown: it may be a password that somebody put in the wrong place.
    public static Problem WrongAddress(string name, string shape) =>
        new(
            "backup.wrong-address",
            What: $"The address of '{name}' cannot be used.",
            Why: $"It has to be of the shape {shape}.",
            Fix: "Set the secret anew: fairlead secret set NAME < url.txt"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem NoServer(string what, string package) =>
        new(
            "backup.no-tool",
            What: "The backup cannot be tried.",
            Why: $"{what} is not on this machine, and a backup is only proven by a restore.",
            Fix: $"Install it on the machine of the server: apt-get install {package}"
        );

    public static Problem NoStart(string why) =>
        new(
            "backup.no-scratch",
            What: "The server on which the backup was to be tried did not start.",
            Why: why,
            Fix: "See that there is room in the state folder and memory on the machine, then: fairlead backup drill"
        );

    public static Problem NotHeld(string what, string why) =>
        new(
            "backup.not-held",
            What: $"What was restored is not what it must be: {what}.",
            Why: why,
            Fix: "Do not trust this backup. Take another one and try it: fairlead backup run, fairlead backup drill"
        );

    public static Problem WrongRows(RestoreCheck check, long rows) =>
        NotHeld(
            check.Table,
            string.Create(
                CultureInfo.InvariantCulture,
                $"It has {rows} rows, and must have {(check.RowsMax is { } most ? $"{check.RowsMin} to {most}" : $"at least {check.RowsMin}")}."
            )
        );

    public static Problem TooOld(RestoreCheck check, DateTime? newest, DateTimeOffset at) =>
        NotHeld(
            check.Table,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Its newest {check.Newest} is {(newest is { } time ? time.ToString("u", CultureInfo.InvariantCulture) : "nothing")}, and the backup is of {at:u}."
            )
        );

    public static Problem WrongName(string name) =>
        new(
            "backup.wrong-name",
            What: $"Nothing restored can be called '{name}'.",
            Why: "A name is made of small letters, digits and _, at most 63, or is the path of a file or folder that is not there yet.",
            Fix: "Write for example: --into shop_restored"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem Missing(string path) =>
        new(
            "backup.nothing-there",
            What: $"There is nothing to save at {path}.",
            Why: "The path is not there, or may not be read.",
            Fix: "Write the path of the file or folder in fairlead.yaml: databases.NAME.path"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
