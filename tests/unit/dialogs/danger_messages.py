"""What people type when a child is in danger now, and what they type on any other day. Written down before the words
of `dialogs.danger` were chosen; every second line of each was held back while they were."""

DANGER = tuple(
    line.strip()
    for line in """
mum says he will kill them tonight
C10600 is not safe
child not safe at home
the baby is being hurt
hes going to hurt her
dad is drunk and hitting the kids
she has run away and is with a man
child missing since last night
the child is alone in the flat
kids home alone now
mother has taken an overdose in front of the child
he has a knife
child saying she wants to die
suicidal teenager on my case
she is unsafe tonight
i think this child is going to be killed
sexual abuse disclosed today
she disclosed abuse
cat 1 now!!! shes bleeding
need help urgent child
emergency
999
police needed
the boy isn't safe there
not safe
C10600 isnt safe tonight
she told me her stepdad touches her
im scared for this child
this child will be dead by morning
safeguarding
child protection emergency
i'm really worried about a child right now
child in immediate danger
immediate risk of harm
at risk of significant harm
children are at risk of harm in the placement
carer is abusing the child
baby not breathing
there is a child in danger at 12 High St
urgent child at risk C10600
stepdad has threatened to stab mum and the kids are there
child has been stabbed
yp has taken 20 paracetamol
the baby has stopped breathing
kid says dad punched him in the face this morning
she says her uncle rapes her
girl has been raped
foster carer slapped the child
mum is off her face and the baby is screaming
dad is pissed and kicking off, kids in the house
mum passed out drunk with the toddler
he's strangling her in front of the children
child has been locked in the bedroom for days
no food in the house and kids left alone
4 year old left on her own
6 yr old home alone
toddler found wandering in the street
young person not come home, missing
missing child C10432
lad has gone missing from placement
she's gone missing again and is being groomed
he is cutting himself
she is self harming badly
yp says she will jump off the bridge
he wants to end his life
she says she cant go on and wants to end it
child is afraid to go home tonight
she's terrified of her dad
he is scared to go home
baby has bruises and a broken arm
unexplained bruising on a baby
non mobile baby with bruise
child has cigarette burns
shaken baby
baby with head injury, parents wont say how
C10611 in danger
c10600 at risk tonight
is at risk right now C10777
child is unsafe
unsafe at home, need somebody now
please help a child is being beaten
dad beats them
mum hit him with a belt
he's been hit by his dad
he threw the baby
mum threatened to drown the baby
father has a gun in the house
he turned up with a machete
domestic violence happening now with the children upstairs
dv incident tonight baby in the house
violent ex is outside the house now
police are at the house and the kids are there
ambulance needed for child
ring 999?
should i call the police
who do i call about a child at risk
how do i make a safeguarding referral now
urgent safeguarding concern
emergency child
urgent!!! child
sos child
immediate safeguarding
child at immediate risk
kid in dangr
chlid not saef
shes sucidal
he killd the baby
mum tried to smother the baby
parents have fled with the child
dad has snatched the kids from school
he's abducted her
they are taking her out of the country tonight for fgm
forced marriage, she flies tomorrow
being sexually exploited right now
she's with an older man in a hotel
county lines, boy being held in a flat
hes been trafficked
dealers are threatening to shoot him
child said grandad makes her touch him
she disclosed her brother has been having sex with her
he sends her naked pictures
child hanged himself
he tried to hang himself
she's unconscious
child wont wake up
he is having a fit and mum wont call an ambulance
baby is dying
child has died
the child is dead
i think he will kill her
he said hes going to kill the kids
she's going to get hurt
someone is going to get killed
she is being abused at home
child being neglected badly, no heating no food
kids are starving
the house is on fire
partner who is a sex offender is in the home with the kids
he's back in the house with the children, he's a registered sex offender
schedule one offender is staying with them tonight
mum is psychotic and has the baby
mum having a breakdown and says she'll hurt the baby
dad is threatening to kill everybody
help me please a child is getting hurt
""".strip().splitlines()
)

HARMLESS = tuple(
    line.strip()
    for line in """
risk assessment was inadequate
the audit of C10600 found she was at risk last year
missing episodes cohort
safeguarding audit
how many children at risk
emergency leave
urgent: need more time
my audit
need an exemption, emergency surgery
i need emergency leave next week
urgent, cant open my audit
help urgent cant log in
whats my deadline its urgent
how many missing episodes audits this month
draw 10 missing for december
issue 65 audits, 20 cp 10 missing
my return is missing
the rationale is missing
missing from the pool
missing returns november
evidence missing on A-201
who is missing a return
send A-201 back, rationale missing
i'm missing a child on my list
the child is missing from my list
A-104 child not on the tracker
safeguarding thematic audit in january
thematic on domestic abuse
dip sample on neglect
dip sample on sexual abuse
thematic audit on child exploitation
theme: self harm and suicide prevention
theme missing children
set up a dip sample on missing children in march
report for the safeguarding board
safeguarding partnership report
generate the safeguarding summary
safeguarding plan was good
the safety plan was weak
risk assessment does not fit the childs needs
risk rating was inadequate, good down to RI
quality of risk assessments by team
at risk of missing my deadline
im at risk of not finishing
we are at risk of missing the target
risk of late return
deadline is killing me
this month is killing me
i'm dead on my feet, can i skip this month
dying to get this done
the printer died
laptop died, cant finish my audit
my dad died, i need an exemption
bereavement, my mother died last week
bereavement leave
i was in hospital, overdue return
off sick
im not well
exemption for ill health
i am leaving on the 27th
childs case closed
case closed, mum and child moved out of area
child has moved placement
child moved to another team
conflict of interest, i know the family
wrong child
another child please
whos my november child
which children have i got
which of my teams kids are being audited this month
whats happening with C10600
who audits C10600
C10600 audit deadline
grade for C10600
C10600 good
done C10600 overall RI
submit C10600
moderate C10600
C10432 good down to inadequate
i disagree with the grade on C10432
concerns
how many cat 1s are open
list cat 1s
show open concerns
raise a concern
raise a child of concern C10600
ive got a cat 1
cat 2 for C10611: no visits
sign off C10777
not agree this is a cat 1
seen the cat 1, visiting this afternoon
visited C10600, all well
child seen, safe and well
child is safe, seen at school today
she is safe now
C10600 is safe
strategy meeting held, child safe with grandma
placed with foster carers
update C10777 visit done
acknowledge C-1
on it
got it, on my way
is the audit child safe to swap
is it safe to close the return
save my return
whats a category 1
difference between cat 1 and cat 2
what is immediate risk of significant harm
what does significant harm mean
what counts as a child of concern
who do i call about my login
who should i contact about the audit
can i call you
ring me
need help with my audit
need help with the return
help with this child audit
i need help now with my audit
can somebody help me now
urgent exemption please
urgent approvals
anything urgent waiting for me
how many urgent
first audit is urgent, second can wait
is C10600 urgent
chase late returns now
remind everybody now
nudge the auditors today
who is late today
the dates are not right
fire drill today, might slip
police checks outstanding
audit of police involvement
police were involved last year in C10600
child protection
child protection plan audits
cp 20 cin 20
cp chair attended, no reflection sheet
spoke to mum, sw present
dad did not take part
mum not spoken to
parents views missing
child alone was seen by the social worker
was the child seen alone
child not seen alone by the auditor
child was seen alone, good
historical abuse was recorded
history of domestic violence in the file
domestic abuse was well explored
chronology shows past neglect
the plan addresses neglect
mental health and suicide risk were assessed well
out of office from tomorrow
cover for me while im away
sam is my deputy
thanks
ok
on leave
i have been hit with three audits
hit the deadline
the team was hit by sickness
it hurts to look at these returns
kill the reminder please
shoot me an email
take a stab at the return
""".strip().splitlines()
)

ORDINARY = tuple(
    line.strip()
    for line in """
whats on my plate
which of my team's kids are being audited this month
who's my novemeber child
how long have i got left on C10432
is it end of the month or last working day
done my audit
C10432 finished, RI overall
submitting my audit for 20417, good, sw present, spoke to mum
requesting exemption for Priya Shah, maternity from 1 dec
can i be exempt this month im giving evidence in a final hearing
too busy can i leave it this time
im leaving on the 27th do i still have to audit
ok
decline Tom Bailey - last week of the month and no planning
how many exemptions have i agreed this month and why
has my exemption request gone through for Priya
can i have till the 4th
im going to be late with my audit
conflict of interest on my audit
case closed last week can i have another child
whos still free to take one
pull a random sample of 65 for dec, 20 cp 20 cin 15 cic 10 cl
completion rate for nov
what % of audits came back last month
completion less non operational exemptions, oct
whos not submitted yet in 11-25
late returns this month?
nudge Ruth about her audit
remind owners of actions due this week
% good or better last month?
ratings for q3 nos and percentages
grade split oct
grades for CP last 3 months
which areas are weakest, is it assessment or mgmt oversight
how are care leavers looking
is it getting better or worse
inadequates over the last 6 months
ive got a cat 1
think this ones a child of concern not sure which catagory
any cat 1s open
how long have the cat 1s been on the log
coc tracker by month identified
cant get hold of the tm about my cat 1
seen the cat 1, visiting this afternoon
re-categorise C10777 to cat 2, head of quality agreed
i dont agree C10777 is cat 1
submit C10611 for director sign off
sign off C10777 as no longer cat 1
how many have i got left
wots outstanding for me and my team
reopen 118, no evidence on file
closed 3 and 7
mark supervision one as done
not mine, should be Helen's
this is overdue cos the sw left, new date 15 dec
overdue coc actions for leadership team thurs
what % overdue and is it going up
appendix 2 list for LT
send all inadequates to the external moderators
who's moderating C10432
moderation done, upscaled to good, audit well evidenced
moderated C10432, good down to RI
can i trust the grades, how often does moderation change them
primary v moderated for nov
why has mine been sent back
how many below standard this month
dont agree with the inadequate on my team's case
i want to challenge the moderation on C10432
which kids are due a re-audit
done the re audit on C10611, now RI
what dip samples did we do in nov
set up a dip sample of 20 on supervision
is someone observing my supervision
log obs for Karen's supervision today, previous actions reviewed yes
how many parents and children did we speak to
reflection sheets back?
anything good from my team i can share
whats the main learning this month
report for my service only
1 page for scrutiny panel
how many trained auditors and moderators have we got
add Sam Whyte as auditor from dec, trained 12 nov
what happens if we dont do the actions
what does good look like for management oversight
undo that
i closed the wrong action, meant 8 not 7
thanks thats all
morning!
reset my mosaic password
write my c&f assessment for me
whats the weather doing in gloucester
RI
done
can you do tom's
""".strip().splitlines()
)
"""Other work, as it is typed."""
