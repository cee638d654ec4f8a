# A pwsh that starts and stops the machine, killed with SIGKILL at 50 printed lines: afterwards the machine goes off by itself, and a start
# and a stop by another run work. The cloud is the one of tests/FakeCloud, whose clock moves with each request.
param([Parameter(Mandatory)] [string] $ModulePath)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath, "$PSScriptRoot/../Support/PwshProcess.psm1", "$PSScriptRoot/../Support/FakeCloud.psm1"
$script = "Start-WmsInfrastructure -Wait -For 1h -RunId killed -BucketName wms-bucket -Verbose 4>&1 | ForEach-Object { `"`$_`" }; " +
    "Stop-WmsInfrastructure -RunId killed -BucketName wms-bucket -Verbose 4>&1 | ForEach-Object { `"`$_`" }"
$kills = 0
$faults = @(
    while ($kills -lt 50) {
        for ($line = 1; $kills -lt 50; $line++) {
            $cloud = Start-FakeCloud -SecondsPerRequest (5 + $kills % 7)
            try {
                $pwsh = Start-Pwsh -ModulePath $ModulePath -Script $script
                $at = Wait-PwshLine $pwsh '.' $line
                if (-not $at) { $null = Wait-PwshEnd $pwsh; break }
                $pwsh.Process.Kill()
                $pwsh.Process.WaitForExit()
                $kills++

                # An hour of the lease, and the five minutes.
                foreach ($minute in 1..66) { Set-FakeCloud $cloud @{ advance = 60 } }
                $state = Get-FakeCloudState $cloud
                if ($state -notin 'stopped', 'stopping') { "killed at '$at': $state an hour and six minutes later" }
                $next = Start-WmsInfrastructure -Wait -RunId next -BucketName wms-bucket
                if (-not $next.IsReady) { "killed at '$at': the next start is not ready" }
                $end = Stop-WmsInfrastructure -RunId next -BucketName wms-bucket
                if ($end.State -ne 'Stopped') { "killed at '$at': the next stop leaves it $($end.State)" }
            }
            finally { Stop-FakeCloud $cloud }
        }
    }
)
$faults
"MachineKills: $kills kills, $($faults.Count) after which the machine was on too long or could not be used"
exit ($faults ? 1 : 0)
