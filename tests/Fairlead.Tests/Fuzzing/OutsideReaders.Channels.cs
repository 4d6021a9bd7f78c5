using System.Text;
using Fairlead.Drivers.Channels;
using Fairlead.Drivers.Channels.Issues;
using Fairlead.Drivers.Channels.Mail;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Drivers.Forges;
using Fairlead.Tests.Drivers.Channels;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of what the other sides of channels say, and makers of texts from what anybody wrote into labels.</summary>
internal static partial class OutsideReaders
{
    private static IEnumerable<OutsideReader> Channels()
    {
        yield return OutsideReader.OfText(
            "issues of forges",
            static text =>
            {
                var answer = Answers.Read(Encoding.UTF8.GetBytes(text));
                new GitHubIssues().ReadOpen(answer);
                new GitLabIssues().ReadOpen(answer);
                IssueAnswers.HasMark(answer, "x");
                IssueAnswers.Count(answer);
            },
            """[{"number":4,"body":"<!-- x -->","pull_request":{}},{"iid":5,"description":null}]""",
            """{"message":"no"}"""
        );
        yield return OutsideReader.OfText(
            "how long channels have to wait",
            static text =>
            {
                var answer = Answers.Read(Encoding.UTF8.GetBytes(text));
                TelegramChannel.After(answer);
                MatrixChannel.After(answer);
                DiscordChannel.After(answer);
            },
            """{"retry_after":64.57,"retry_after_ms":2000,"parameters":{"retry_after":35}}"""
        );
        yield return OutsideReader.OfText(
            "texts of alerts in every format",
            static text =>
            {
                var told = Told.Of(Notices.Of("x", Notices.Firing.Alerts) with { Notes = [text], Headline = text });
                Markup.Telegram.Text(told, 4096);
                Markup.Discord.Text(told, 4096);
                IssueText.Of(Notices.Firing with { Headline = text, Notes = [text] }, 250, 30_000);
                TwilioChannel.Speech(told);
            },
            "<!channel> @all ```x``` [l](javascript:alert(1))\n/close"
        );
        yield return OutsideReader.OfText(
            "addresses of mail and its servers",
            static text =>
            {
                EmailChannel.Addresses([text]);
                SmtpPlace.Read(text);
            },
            "Ann <ann@example.com>, ops@example.com",
            "smtp.example.com:587",
            "[::1]:25"
        );
    }
}
