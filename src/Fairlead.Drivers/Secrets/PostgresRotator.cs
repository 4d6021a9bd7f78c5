using System.Security.Cryptography;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Npgsql;

namespace Fairlead.Drivers.Secrets;

/// <summary>
/// Rotates the address of a PostgreSQL database between two users: <c>shop</c> and <c>shop_b</c>. While programs still run as one,
/// the other gets a new password; both are good until nothing runs as the first, whose password is then taken away. The second is a
/// member of the first and acts as it, so that all they make has one owner.
/// </summary>
public sealed class PostgresRotator : ISecretRotator
{
    private const int PasswordLetters = 40;
    private const int NameBytesMax = 63;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Twin = "_b";
    private const int PortUsual = 5432;

    public string Kind => "postgres";

    public async Task<Secret> NextAsync(SecretTurn turn, CancellationToken stop)
    {
        var address = AddressOf(turn.Newest);
        var now = UserOf(address);
        var first = now.EndsWith(Twin, StringComparison.Ordinal) ? now[..^Twin.Length] : now;
        var next = now == first ? first + Twin : first;
        if (next.Length > NameBytesMax)
        {
            throw new ProblemException(Refused(next, $"Its name is longer than {NameBytesMax} letters."));
        }
        var password = RandomNumberGenerator.GetString(Letters, PasswordLetters);
        await DoAsync(
            turn,
            next,
            async connection =>
            {
                if (!await ExistsAsync(connection, next, stop))
                {
                    await RunAsync(connection, $"CREATE ROLE {Name(next)} LOGIN IN ROLE {Name(first)}", stop);
                    await RunAsync(connection, $"ALTER ROLE {Name(next)} SET role = {Text(first)}", stop);
                }
                await RunAsync(connection, $"ALTER ROLE {Name(next)} LOGIN PASSWORD {Text(Scrambled(password))}", stop);
            },
            stop
        );
        return new(
            new UriBuilder(address) { UserName = next, Password = password }
                .Uri
                .AbsoluteUri
        );
    }

    public async Task RetireAsync(SecretTurn turn, Secret old, CancellationToken stop)
    {
        // A first value that was set by hand need not be an address, and then there is nothing to end.
        if (!Uri.TryCreate(old.Reveal(), UriKind.Absolute, out var address) || address.UserInfo.Length == 0)
        {
            return;
        }
        var user = UserOf(address);
        // Rotated twice before this one was spent: the user has the newest password now, and keeps it.
        if (turn.Newest is { } newest && UserOf(AddressOf(newest)) == user)
        {
            return;
        }
        await DoAsync(
            turn,
            user,
            async connection =>
            {
                if (await ExistsAsync(connection, user, stop))
                {
                    await RunAsync(connection, $"ALTER ROLE {Name(user)} PASSWORD NULL", stop);
                }
            },
            stop
        );
    }

    // The server keeps no more than this of a password either; so none is in its statement log.
    internal static string Scrambled(string password)
    {
        const int rounds = 4096;
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${rounds}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }

    private static async Task DoAsync(
        SecretTurn turn,
        string user,
        Func<NpgsqlConnection, Task> work,
        CancellationToken stop
    )
    {
        var admin = AddressOf(turn.Admin ?? throw new ProblemException(NoAdmin()));
        var password = admin.UserInfo.Split(':', 2) is [_, var word] ? Uri.UnescapeDataString(word) : null;
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = admin.Host,
            Port = admin.IsDefaultPort || admin.Port < 0 ? PortUsual : admin.Port,
            Username = UserOf(admin),
            Password = password,
            Database = admin.AbsolutePath.Trim('/') is { Length: > 0 } name ? Uri.UnescapeDataString(name) : "postgres",
            Pooling = false,
        };
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(stop);
            await work(connection);
        }
        catch (NpgsqlException caught)
        {
            throw new ProblemException(Refused(user, caught.Message), caught);
        }
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string user, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("SELECT 1 FROM pg_roles WHERE rolname = $1", connection);
        command.Parameters.Add(new() { Value = user });
        return await command.ExecuteScalarAsync(stop) is not null;
    }

    // PostgreSQL takes no parameters in these; names and texts are quoted by its own rules.
    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken stop)
    {
#pragma warning disable CA2100 // All that comes from outside is quoted by Name and Text.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(stop);
    }

    internal static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string UserOf(Uri address) => Uri.UnescapeDataString(address.UserInfo.Split(':')[0]);

    private static Uri AddressOf(Secret? secret) =>
        Uri.TryCreate(secret?.Reveal(), UriKind.Absolute, out var address)
        && address.Scheme is "postgres" or "postgresql"
        && address.UserInfo.Length > 0
        && !address.UserInfo.StartsWith(':')
            ? address
            : throw new ProblemException(
                new Problem(
                    "secret.no-address",
                    What: "The secret is not the address of a PostgreSQL database.",
                    Why: "The next one is made of it: it must be of the form postgres://user:password@host:5432/database.",
                    Fix: "Set its first value by hand: fairlead secret set NAME < FILE"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );

    private static Problem NoAdmin() =>
        new(
            "secret.no-admin",
            What: "Nothing says as whom the database is asked.",
            Why: "Making a user needs a user that may. Its address is a secret of its own.",
            Fix: "Write for example: --with postgres --set admin=DB_ADMIN, after: fairlead secret set DB_ADMIN"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem Refused(string user, string why) =>
        new(
            "secret.postgres-refused",
            What: $"PostgreSQL did not change its user {user}.",
            Why: why,
            Fix: "See what the admin may do: it needs CREATEROLE, and ADMIN OPTION on the first user."
        );
}
