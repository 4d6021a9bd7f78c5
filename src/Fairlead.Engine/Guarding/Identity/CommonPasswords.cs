namespace Fairlead.Engine.Guarding.Identity;

/// <summary>Passwords that are tried first, and the words that others are made of by adding digits. Our own choice from what is well known.</summary>
internal static class CommonPasswords
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. """
            000000000000 0987654321 098765432109 111111111111 111222333444 112233445566 112358132134 123123123123
            123321123321 123456 123456123456 12345678 123456789 1234567890 123456789012 1234567890123 12345678901234
            12345678910 147258369 147258369147 159753 159753456 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc 1qaz2wsx3edc4rfv
            314159265358 314159265359 741852963 789456123 789456123000 987654321 9876543210 a1b2c3d4 a1b2c3d4e5f6 abc123
            abcd1234 abcdef abcdefgh abcdefghij abcdefghijkl abcdefghijklmnop admin adminadmin administrator android angel
            angelangel april arsenal asdfghjkl asdfghjklasdfghjkl ashley asshole august autumn azerty azertyuiop babygirl
            bailey banana barcelona baseball basketball batman battery bestfriend blessed blink182 butterfly captain
            captain42 captainamerica changeit changeitnow changeme changemenow charlie cheese chelsea chocolate computer
            contraseña cookie correct correct-horse-battery-staple correcthorsebattery correcthorsebatterystaple corvette
            daniel december default demo demodemo deploy deploydeploy deployment devops docker dragon eminem example
            exampleexample facebook family february ferrari flower football forever foreverandever friday friends fuckoff
            fuckyou gandalf ginger godisgood godisgreat godzilla goodmorning goodnight goodpassword google guest guestguest
            guitar harley harleydavidson harrypotter heaven hello hello-world hellohello helloworld helloworldhello hogwarts
            horse hunter hunter2 hunter2hunter2 iloveyou iloveyouforever iloveyousomuch internet january jenkins jennifer
            jesus jesuschrist jesusislord jordan july june juventus keyboard kubernetes letmein letmeinplease liverpool
            localhost lordoftherings lovelove lovelovelove loveme loveyou manchester march master matrix mercedes metallica
            michael microsoft monday monkey motdepasse mustang myfamily mylove mypassword mypassword123 newpassword nirvana
            nopassword nothing november october oldpassword p@ssw0rd p@ssword passw0rd password password1234
            passwordpassword passwords passwort pepper pokemon porsche princess production q1w2e3r4 q1w2e3r4t5y6 qazwsxedc
            qazwsxedcrfv qwerty qwerty123 qwerty123456 qwerty654321 qwertyqwerty qwertyuiop qwertyuiop123 qwertz qwertzuiop
            rainbow realmadrid root rootroot samsung saturday secret secretsecret securepassword senha september shadow
            slipknot something spiderman spring staging staple starwars strongpassword summer sunday sunshine superman
            sweetheart tempassword temporary temppassword test1234 tester testing testing123 testpassword testtest
            testtesttest thepassword thisismypassword thomas thursday toor topsecret toyota trustno1 tuesday unicorn user
            username useruser wednesday welcome welcomehome whatever whateverwhatever windows winter yamaha yourpassword
            zaq12wsx zxcvbnm
            """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
        "correct horse battery staple",
    ];
}
