# The page of predictions, opened in a browser without network at 1280 and 390 pixels, light and dark: of the 240 real photos, predicted
# with the model of the legacy pipeline, and of 2,000 photos, which are the same files under more names. No error, no request, nothing
# wider than the screen; it scrolls to the last photo and filters by name. Pictures of the screens are kept with -PicturePath.
param([Parameter(Mandatory)] [string] $ModulePath, [string] $PicturePath, [int] $Count = 2000)

$ErrorActionPreference = 'Stop'
$shared = Join-Path $PSScriptRoot '..' '..' '..' 'shared'
$browser = (Get-Command chromium, chromium-browser, google-chrome, chrome, msedge -CommandType Application -ErrorAction Ignore).Source |
    Select-Object -First 1
if (-not (Test-Path $shared) -or -not $browser -or -not (Get-Command npm, node -ErrorAction Ignore)) {
    'This proof needs ../shared, a Chromium browser and npm (Debian: apt-get install chromium npm).'
    exit 1
}

Import-Module $ModulePath
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "WaterMeters-$([Guid]::NewGuid().ToString('n'))")).FullName
try {
    $pictures = $PicturePath ? (New-Item -ItemType Directory -Force $PicturePath).FullName : $folder
    $model = Join-Path $shared 'golden' 'models' 'meter-unet.pth'
    $photos = (Get-Item (Join-Path $shared 'data' 'meters' 'images')).FullName
    $real = @(Invoke-WmsPrediction $photos -Model $model -OutputPath "$folder/masks" -WarningAction Ignore -InformationAction Ignore)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $real | Export-WmsReport -OutputPath "$folder/real.html" -WarningVariable warnings
    $realSeconds = $watch.Elapsed.TotalSeconds

    # More names for the same files.
    $null = New-Item -ItemType Directory "$folder/many"
    $many = foreach ($i in 0..($Count - 1)) {
        $row = $real[$i % $real.Count] | Select-Object *
        $name = "$folder/many/$($i.ToString('d4'))-$(Split-Path $row.ImagePath -Leaf)"
        Copy-Item -LiteralPath $row.ImagePath $name
        $row.ImagePath = $name
        $row
    }
    $watch.Restart()
    $many | Export-WmsReport -OutputPath "$folder/many.html" -WarningVariable +warnings
    $manySeconds = $watch.Elapsed.TotalSeconds
    $bytes = 'real', 'many' | ForEach-Object { (Get-Item "$folder/$_.html").Length }

    Push-Location $folder
    try { $null = npm install --silent --no-audit --no-fund 'playwright-core@1.65.1' 2>&1 } finally { Pop-Location }
    $playwright = "$folder/node_modules/playwright-core/index.mjs"
    $seen = node "$PSScriptRoot/prediction_page.mjs" $playwright $browser $pictures "real=$folder/real.html" "many=$folder/many.html" |
        ConvertFrom-Json
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force }

$faults = foreach ($one in $seen) {
    $where = "$($one.name) at $($one.width) px, $($one.scheme)"
    $expected = $one.name -eq 'real' ? $real.Count : $Count
    if ($one.cards -ne $expected) { "${where}: $($one.cards) of $expected photos" }
    if (-not $one.atEnd -or -not $one.decoded) { "${where}: the last photo is not shown" }
    if ($one.overflows) { "${where}: wider than the screen" }
    if ($one.shown -lt 1 -or $one.shown -ge $expected -or -not $one.fits) { "${where}: the filter shows $($one.shown)" }
    if ($one.errors -or $one.requests) { "${where}: $($one.errors) $($one.requests)" }
}
$grounds = @($seen | Group-Object scheme | ForEach-Object { @($_.Group.ground | Sort-Object -Unique) })
if ($grounds.Count -ne 2) { $faults = @($faults) + "backgrounds: $grounds" }
if ($seen.Count -ne 8) { $faults = @($faults) + "$($seen.Count) of 8 screens" }
if ($warnings) { $faults = @($faults) + "$warnings" }
$faults | Where-Object { $_ }

$large = @($seen | Where-Object name -eq 'many')
[string]::Format([cultureinfo]::InvariantCulture,
    'PredictionPage: {0} real photos in {1:0} s, {2:0.0} MB; {3} photos in {4:0} s, {5:0.0} MB ({6:0.0} kB each), opened in {7:0.0} s, ' +
        'scrolled to the end in {8} to {9} steps of at most {10} ms, filtered in {11} ms',
    $real.Count, $realSeconds, ($bytes[0] / 1e6), $Count, $manySeconds, ($bytes[1] / 1e6), ($bytes[1] / 1000 / $Count),
    (($large.loaded | Measure-Object -Maximum).Maximum / 1000), ($large.steps | Measure-Object -Minimum).Minimum,
    ($large.steps | Measure-Object -Maximum).Maximum, ($large.slowest | Measure-Object -Maximum).Maximum,
    ($large.filter | Measure-Object -Maximum).Maximum)
exit (@($faults | Where-Object { $_ }).Count -eq 0 -and $bytes[1] -lt 45MB ? 0 : 1)
