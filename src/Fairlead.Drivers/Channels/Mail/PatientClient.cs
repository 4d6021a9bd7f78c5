using MailKit.Net.Smtp;
using MimeKit;

namespace Fairlead.Drivers.Channels.Mail;

/// <summary>Goes on when a recipient is refused, and remembers it: the others are to be told.</summary>
internal sealed class PatientClient : SmtpClient
{
    private readonly List<(string To, SmtpStatusCode Status, string Words)> refusals = [];
    private readonly List<string> accepted = [];

    public IReadOnlyList<(string To, SmtpStatusCode Status, string Words)> Refusals => refusals;

    public IReadOnlyList<string> Accepted => accepted;

    protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        accepted.Add(mailbox.Address);

    protected override void OnRecipientNotAccepted(
        MimeMessage message,
        MailboxAddress mailbox,
        SmtpResponse response
    ) => refusals.Add((mailbox.Address, response.StatusCode, response.Response));

    // Said by the refusals.
    protected override void OnNoRecipientsAccepted(MimeMessage message) { }
}
