namespace Fairlead.Faces.SignIn;

// What the pages' script sends.

internal sealed record PasswordBody(string Email, string Password, string? Code = null);

internal sealed record LinkBody(string Token, string? Name = null, string? Email = null);

internal sealed record AcceptBody(
    string Token,
    string? Name = null,
    string? Email = null,
    string? Password = null,
    PasskeyAnswer? Passkey = null
);

internal sealed record PasskeyBody(PasskeyAnswer Passkey, string? Name = null);

internal sealed record CodeBody(string Code, string? Sealed = null);

internal sealed record OwnPasswordBody(string Password);

internal sealed record NewPasswordBody(string Password);

/// <param name="Id">Of what it is about; null for all.</param>
internal sealed record IdBody(string? Id = null);

internal sealed record NoBody;
