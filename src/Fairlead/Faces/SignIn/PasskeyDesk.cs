using System.Buffers.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Fairlead.Faces.SignIn;

/// <summary>
/// Asks browsers for passkeys and checks what they answer, with ASP.NET Core's own WebAuthn. Keys are always discoverable, and
/// their owner is always verified (by finger, face or PIN), so that a passkey is two factors in one.
/// </summary>
/// <param name="find">Somebody who may sign in.</param>
internal sealed class PasskeyDesk(Func<string, CancellationToken, Task<Person?>> find, World world) : IDisposable
{
    private const int AnswerLettersMax = 32 * 1024;

    private readonly Challenges challenges = new(world);
    private readonly UserManager<Person> people = PersonStore.Manager(find);

    /// <summary>What a browser needs to make one.</summary>
    /// <param name="owner">Whose it shall be.</param>
    public async Task<Asked> AskForNewAsync(
        HttpContext http,
        (string Id, string Email, string Name) owner,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        var options = await Handler()
            .MakeCreationOptionsAsync(
                new PasskeyUserEntity
                {
                    Id = owner.Id,
                    Name = owner.Email,
                    DisplayName = owner.Name,
                },
                http
            );
        return new(challenges.Add($"{owner.Id} {options.AttestationState}", "new"), options.CreationOptionsJson);
    }

    /// <summary>What a browser needs to use one.</summary>
    /// <param name="person">Whose it must be; null for anybody's.</param>
    public async Task<Asked> AskAsync(HttpContext http, Person? person, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var options = await Handler().MakeRequestOptionsAsync(person, http);
        return new(challenges.Add(options.AssertionState ?? "", "use"), options.RequestOptionsJson);
    }

    /// <summary>The new passkey, and the id of the person for whom it was asked.</summary>
    /// <exception cref="ProblemException">It does not hold.</exception>
    public async Task<(string Owner, Passkey Passkey)> CheckNewAsync(
        HttpContext http,
        PasskeyAnswer answer,
        string name,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        var state = Take(answer, "new");
        var at = state.IndexOf(' ', StringComparison.Ordinal);
        var result = await Handler()
            .PerformAttestationAsync(
                new PasskeyAttestationContext
                {
                    HttpContext = http,
                    CredentialJson = answer.Credential,
                    AttestationState = state[(at + 1)..],
                }
            );
        return result.Succeeded
            ? (state[..at], Read(result.Passkey) with { Name = name, CreatedAt = world.Now })
            : throw new ProblemException(Refused(result.Failure.Message));
    }

    /// <summary>Whose passkey it was, and the passkey as it is now.</summary>
    /// <exception cref="ProblemException">It does not hold.</exception>
    public async Task<(string Owner, Passkey Passkey)> CheckAsync(
        HttpContext http,
        PasskeyAnswer answer,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        var state = Take(answer, "use");
        var result = await Handler()
            .PerformAssertionAsync(
                new PasskeyAssertionContext
                {
                    HttpContext = http,
                    CredentialJson = answer.Credential,
                    AssertionState = state,
                }
            );
        return result.Succeeded
            ? (result.User.Id, Read(result.Passkey))
            : throw new ProblemException(Refused(result.Failure.Message));
    }

    public void Dispose() => people.Dispose();

    private PasskeyHandler<Person> Handler() => new(people, Options.Create(Rules()));

    private static IdentityPasskeyOptions Rules() =>
        new()
        {
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "required",
            AttestationConveyancePreference = "none",
            AuthenticatorTimeout = TimeSpan.FromMinutes(5),
            ValidateOrigin = context =>
                ValueTask.FromResult(
                    !context.CrossOrigin
                        && string.Equals(
                            context.Origin,
                            SameOrigin.OriginOf(context.HttpContext.Request),
                            StringComparison.OrdinalIgnoreCase
                        )
                ),
        };

    private string Take(PasskeyAnswer answer, string purpose) =>
        answer.Credential.Length <= AnswerLettersMax && challenges.Take(answer.Challenge, purpose) is { } state
            ? state
            : throw new ProblemException(Refused("The question is too old, or was answered before."));

    private static Passkey Read(UserPasskeyInfo key) =>
        new(
            Base64Url.EncodeToString(key.CredentialId),
            key.Name ?? "",
            Convert.ToBase64String(key.PublicKey),
            key.SignCount,
            key.CreatedAt
        )
        {
            Transports = key.Transports ?? [],
            IsBackupEligible = key.IsBackupEligible,
            IsBackedUp = key.IsBackedUp,
        };

    private static Problem Refused(string why) =>
        new(
            "identity.passkey-refused",
            What: "The passkey was not accepted.",
            Why: why,
            Fix: "Try again; when it stays so, sign in another way and add a new passkey."
        )
        {
            Trouble = Trouble.NotAllowed,
        };
}

/// <summary>What a browser is asked.</summary>
/// <param name="Challenge">To be brought back with the answer.</param>
/// <param name="Options">For <c>navigator.credentials</c>, as JSON.</param>
internal sealed record Asked(string Challenge, string Options);

/// <summary>What a browser answered.</summary>
/// <param name="Credential">What <c>navigator.credentials</c> gave, as JSON.</param>
internal sealed record PasskeyAnswer(string Challenge, string Credential);

/// <summary>Shows ASP.NET Core's WebAuthn the people of our store; it only ever reads them.</summary>
internal sealed class PersonStore(Func<string, CancellationToken, Task<Person?>> find) : IUserPasskeyStore<Person>
{
    public static UserManager<Person> Manager(Func<string, CancellationToken, Task<Person?>> find) =>
        new(
            new PersonStore(find),
            Options.Create(new IdentityOptions()),
            new PasswordHasher<Person>(),
            [],
            [],
            new UpperInvariantLookupNormalizer(),
            new IdentityErrorDescriber(),
            new ServiceCollection().BuildServiceProvider(),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<UserManager<Person>>.Instance
        );

    public Task<string> GetUserIdAsync(Person user, CancellationToken stop) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(Person user, CancellationToken stop) => Task.FromResult<string?>(user.Email);

    public Task<Person?> FindByIdAsync(string userId, CancellationToken stop) => find(userId, stop);

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Person user, CancellationToken stop) =>
        Task.FromResult<IList<UserPasskeyInfo>>([.. user.Passkeys.Select(Shown)]);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(Person user, byte[] credentialId, CancellationToken stop)
    {
        var id = Base64Url.EncodeToString(credentialId);
        var found = user.Passkeys.FirstOrDefault(one => one.Id == id);
        return Task.FromResult(found is null ? null : Shown(found));
    }

    // Ids are random and long: another's key of the same id is a key that somebody copied, which signs in as nobody here.
    public Task<Person?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken stop) =>
        Task.FromResult<Person?>(null);

    public Task AddOrUpdatePasskeyAsync(Person user, UserPasskeyInfo passkey, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task RemovePasskeyAsync(Person user, byte[] credentialId, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task SetUserNameAsync(Person user, string? userName, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task<string?> GetNormalizedUserNameAsync(Person user, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task SetNormalizedUserNameAsync(Person user, string? normalizedName, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task<IdentityResult> CreateAsync(Person user, CancellationToken stop) => throw new NotSupportedException();

    public Task<IdentityResult> UpdateAsync(Person user, CancellationToken stop) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(Person user, CancellationToken stop) => throw new NotSupportedException();

    public Task<Person?> FindByNameAsync(string normalizedUserName, CancellationToken stop) =>
        throw new NotSupportedException();

    public void Dispose() { }

    private static UserPasskeyInfo Shown(Passkey key) =>
        new(
            Base64Url.DecodeFromChars(key.Id),
            Convert.FromBase64String(key.PublicKey),
            key.CreatedAt,
            key.Count,
            [.. key.Transports],
            isUserVerified: true,
            key.IsBackupEligible,
            key.IsBackedUp,
            attestationObject: [],
            clientDataJson: []
        )
        {
            Name = key.Name,
        };
}
